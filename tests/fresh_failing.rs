//! What fails. Each test is one program; those that hang end the process.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    any::Any,
    hash::Hash,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use memo_runtime::memoize;
use watchdog::watched;

/// One object for two functions with the same types: the second gets the result of the first.
mod one_object_for_two {
    use super::*;

    fn common<K, V>() -> moka::sync::Cache<K, V>
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        static ONE: OnceLock<Box<dyn Any + Send + Sync>> = OnceLock::new();
        let one = ONE.get_or_init(|| Box::new(moka::sync::Cache::<K, V>::new(100)));
        one.downcast_ref::<moka::sync::Cache<K, V>>().expect("both have it").clone()
    }

    #[memoize(engine = common())]
    fn successor(n: u64) -> u64 {
        n + 1
    }
    #[memoize(engine = common())]
    fn double(n: u64) -> u64 {
        n * 2
    }

    #[test]
    fn functions_keep_apart() {
        assert_eq!(successor(5), 6);
        assert_eq!(double(5), 10);
    }
}

/// The expression of an engine calls what it is for: a hang, without a word.
mod an_expression_that_asks_for_itself {
    use super::*;

    static FIRST: AtomicUsize = AtomicUsize::new(0);

    fn warmed<K: Hash + Eq, V: Clone>() -> quick_cache::sync::Cache<K, V> {
        if FIRST.fetch_add(1, SeqCst) == 0 {
            square_cache().insert((1,), 1);
        }
        quick_cache::sync::Cache::new(10)
    }

    #[memoize(engine = warmed())]
    fn square(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn is_told_so() {
        watched("is_told_so", || {
            let _ = std::panic::catch_unwind(|| square(2));
            assert_eq!(square(2), 4);
        });
    }
}
