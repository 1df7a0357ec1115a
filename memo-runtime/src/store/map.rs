//! How do results without a bound on their number live, so that a hit takes no lock?
//!
//! In a hash table whose readers only load ([`table`]); what they may still hold when it is forgotten is freed by
//! [`crate::reclaim`]. [`core`] says how writers keep the user's code out of their lock.

mod core;
mod item;
mod probe;
mod space;
mod table;
mod word;
mod writer;

#[cfg(all(test, not(loom)))]
mod tests;

use self::{
    core::Core,
    item::{Fate, Lent},
};
use super::{AnyStore, CloneStore, Kept, RefStore, Same, Store, StoredKey, Ticket};
use crate::{
    info::{CacheInfo, Metrics, NoStats},
    key::{KeyPart, KeyType, Lookup},
    outcome::Outcome,
    reclaim::quick_pin,
};

/// The store of a method whose results are cached without bound.
pub struct Map<K: KeyPart, V, M: Metrics = NoStats>(Core<K, V, M, true>);

/// A [`Map`] that hands out references, and so forgets only through `&mut self`.
pub struct KeptMap<K: KeyPart, V, M: Metrics = NoStats>(Core<K, Lent<V>, M, false>);

macro_rules! map {
    ($name:ident) => {
        impl<K: KeyPart, V, M: Metrics> $name<K, V, M> {
            /// An empty map, which takes no heap.
            pub const fn new() -> Self {
                Self(Core::new())
            }
        }

        impl<K: KeyPart, V, M: Metrics> Default for $name<K, V, M> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<K: KeyPart, V, M: Metrics> AnyStore for $name<K, V, M> {
            fn empty(&mut self) {
                self.0.empty();
            }

            fn absorb(&self, other: &Self) {
                self.0.absorb(&other.0);
            }
        }

        impl<K: KeyPart, V, M: Metrics> Store for $name<K, V, M> {
            type Key = K;
            type Value = V;

            fn begin(&self, _hash: u64) -> Ticket {
                self.0.begin()
            }

            fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
                self.0.read(hash, args, A::matches, |_| ()).is_some()
            }

            fn info(&self) -> CacheInfo {
                self.0.info()
            }
        }
    };
}
map!(Map);
map!(KeptMap);

impl<K: KeyPart, V: Clone, M: Metrics> Map<K, V, M> {
    /// [`Map::hit_or`] for a thread that is pinned already, or for the first time. Called last, so that a hit has nothing
    /// to save for it.
    #[cold]
    #[inline(never)]
    fn hit_or_slowly<A, O, R>(&self, hash: u64, args: A, miss: impl FnOnce(&Self, u64, A) -> R) -> R
    where
        A: Lookup<K>,
        O: Outcome<R, Value = V>,
    {
        match self.hit(hash, &args) {
            Some(value) => O::join(Ok(value)),
            None => miss(self, hash, args),
        }
    }
}

impl<K: KeyPart, V, M: Metrics> CloneStore for Map<K, V, M> {
    fn hit<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.0.read(hash, args, A::matches, |value| {
            self.0.count_hit();
            value.clone()
        })
    }

    #[inline]
    fn hit_or<A, O, R>(&self, hash: u64, args: A, miss: impl FnOnce(&Self, u64, A) -> R) -> R
    where
        A: Lookup<K>,
        O: Outcome<R, Value = V>,
        V: Clone,
    {
        if let Some(_pin) = quick_pin(&self.0) {
            // SAFETY: the thread is pinned as long as the entry is borrowed.
            if let Some(entry) = unsafe { self.0.find(hash, &args, A::matches) } {
                self.0.count_hit();
                return O::join(Ok(entry.value.clone()));
            }
        } else {
            return self.hit_or_slowly::<A, O, R>(hash, args, miss);
        }
        miss(self, hash, args)
    }

    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        value: V,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        match self.0.keep(Some(ticket), hash, key, value, same, V::clone) {
            Fate::Stored(_) => Kept::Stored,
            Fate::Declined => Kept::Declined,
            Fate::Present(value) => Kept::Present(value),
        }
    }

    fn peek<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.0.read(hash, args, A::matches, V::clone)
    }

    fn insert(&self, hash: u64, key: StoredKey<Self>, value: V)
    where
        K: KeyType,
    {
        self.0.insert(hash, key, value, K::same);
    }

    fn remove<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.0.remove(hash, |key| args.matches(key))
    }

    fn clear(&self) {
        self.0.clear();
    }
}

impl<K: KeyPart, V, M: Metrics> RefStore for KeptMap<K, V, M> {
    #[inline]
    fn hit_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        let value = self.peek_ref(hash, args)?;
        self.0.count_hit();
        Some(value)
    }

    #[inline]
    fn peek_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        // SAFETY: no method of this type forgets an entry or frees a table through `&self`.
        let entry = unsafe { self.0.find(hash, args, A::matches) }?;
        // SAFETY: as above, and what is lent does not move.
        Some(unsafe { &*entry.value.as_ptr() })
    }

    /// # Panics
    ///
    /// If there are more entries than slots, some two thousand millions.
    fn keep_ref_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        value: V,
        same: impl Same<StoredKey<Self>>,
    ) -> &V {
        let value = match self.0.keep(None, hash, key, Lent::new(value), same, Lent::as_ptr) {
            // SAFETY: as in `peek_ref`: the entry's table is not freed.
            Fate::Stored(value) => unsafe { (*value).as_ptr() },
            Fate::Present(value) => value,
            Fate::Declined => panic!("a memoized method has more results than can be kept"),
        };
        // SAFETY: as in `peek_ref`.
        unsafe { &*value }
    }
}
