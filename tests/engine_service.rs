//! Engines in a service: one of its own behind a handle, a trait, state that is named, lints that are on.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use std::{
    borrow::Borrow,
    hash::Hash,
    sync::{Arc, RwLock},
};

use memo_runtime::memoize;

/// A service: an engine of its own, a trait, a builder, state that is named.
pub mod service {
    use super::*;
    use memo_runtime::Engine;

    /// Sorted, so that it has no use for hashes; and shared: it is a handle.
    struct Sorted<K, V>(Arc<RwLock<Vec<(K, V)>>>);

    impl<K, V> Clone for Sorted<K, V> {
        fn clone(&self) -> Self {
            Self(Arc::clone(&self.0))
        }
    }

    impl<K, V> Default for Sorted<K, V> {
        fn default() -> Self {
            Self(Arc::default())
        }
    }

    impl<K, V> Engine<K, V> for Sorted<K, V>
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
        where
            K: Borrow<Q>,
        {
            let all = self.0.read().ok()?;
            all.iter().find(|(other, _)| other.borrow() == key).map(|(_, value)| value.clone())
        }
        fn insert(&self, key: K, value: V) {
            self.remove(&key);
            if let Ok(mut all) = self.0.write() {
                all.push((key, value));
            }
        }
        fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
        where
            K: Borrow<Q>,
        {
            let Ok(mut all) = self.0.write() else { return false };
            let before = all.len();
            all.retain(|(other, _)| other.borrow() != key);
            all.len() < before
        }
        fn clear(&self) {
            if let Ok(mut all) = self.0.write() {
                all.clear();
            }
        }
    }

    /// What something costs.
    pub trait Prices {
        /// With tax.
        ///
        /// # Errors
        ///
        /// If it is too much.
        fn gross(&self, net: u64) -> Result<Arc<u64>, String>;
    }

    /// A country's.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Tax {
        percent: u64,
        name: String,
    }

    #[memoize]
    impl Tax {
        /// A new one.
        #[must_use]
        pub fn new(percent: u64, name: impl Into<String>) -> Self {
            Self { percent, name: name.into() }
        }
        /// Rounded to units.
        #[must_use]
        #[memoize(engine = Sorted::default().clone(), single_flight)]
        pub fn rounded(tax: &Self, net: u64) -> Self {
            Self { percent: tax.percent / net * net, ..tax.clone() }
        }
        /// Changes the name.
        pub fn rename(&mut self, name: &str) {
            name.clone_into(&mut self.name);
        }
    }

    #[memoize]
    impl Prices for Tax {
        #[memoize(scope = "type", engine = Sorted::default(), reads(percent: u64), accessor = known)]
        fn gross(&self, net: u64) -> Result<Arc<u64>, String> {
            let tax = net.checked_mul(self.percent).ok_or_else(|| format!("{net} is too much"))?;
            Ok(Arc::new(net + tax / 100))
        }
    }

    #[test]
    fn is_served() {
        let mut here = Tax::new(19, "here");
        let there: Box<dyn Prices> = Box::new(Tax::new(19, "there"));
        let first = here.gross(100);
        here.rename("elsewhere");
        assert_eq!(first.as_deref(), Ok(&119));
        assert!(Arc::ptr_eq(
            &there.gross(100).unwrap_or_default(),
            &here.gross(100).unwrap_or_default()
        ));
        assert!(here.gross(u64::MAX).is_err());
        assert_eq!(Tax::known().peek((19, 100)).as_deref(), Some(&119));
        assert_eq!(Tax::rounded(&here, 10).percent, 10);
        assert!(Tax::rounded_cache().contains((&here, 10)));
    }
}
