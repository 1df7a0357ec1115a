//! The names that expansions declare are not those of the user's expressions.

use std::{
    sync::{LazyLock, OnceLock},
    time::Duration,
};

use memo_runtime::{MemoryStore, Region, memoize};

/// A name of the user's in an expression means the cache itself, which the expansion calls `CACHE`.
mod a_constant_called_cache {
    use super::*;

    const CACHE: u64 = 100;

    #[memoize(engine = moka::sync::Cache::new(CACHE))]
    fn in_engine(n: u64) -> u64 {
        n
    }

    #[memoize(unbounded, ttl = Duration::from_secs(CACHE))]
    fn in_ttl(n: u64) -> u64 {
        n
    }

    struct Generic<T>(T);
    #[memoize]
    impl<T: 'static> Generic<T> {
        #[memoize(engine = moka::sync::Cache::new(CACHE))]
        fn size(n: usize) -> usize {
            size_of::<T>() * n
        }
    }

    #[test]
    fn is_the_users() {
        assert_eq!((in_engine(1), in_ttl(1), Generic::<u8>::size(1)), (1, 1, 1));
    }
}

/// The most likely name for a region.
mod a_region_called_cache {
    use super::*;

    static CACHE: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("fresh", MemoryStore::new()));

    #[memoize(store = &CACHE, ttl = "5m")]
    fn stored(n: u64) -> u64 {
        n
    }

    #[test]
    fn is_the_users() {
        assert_eq!(stored(1), 1);
    }
}

/// It would compile, and mean the cache.
mod a_name_that_is_taken {
    use super::*;

    /// Set if results are to be kept.
    static CACHE: OnceLock<Duration> = OnceLock::new();

    #[memoize(unbounded, ttl = if CACHE.get().is_some() { Duration::from_secs(60) } else { Duration::ZERO })]
    fn answer(n: u64) -> u64 {
        n
    }

    #[test]
    fn is_the_users() {
        assert!(CACHE.get().is_none());
        answer(1);
        assert!(!answer_cache().contains((1,)), "kept with a `ttl` of zero");
    }
}

/// The same within a macro, where it is not seen.
mod in_a_macro {
    use super::*;

    const CACHE: u64 = 100;

    macro_rules! engine {
        () => {
            moka::sync::Cache::new(CACHE)
        };
    }

    #[memoize(engine = engine!())]
    fn f(n: u64) -> u64 {
        n
    }

    #[test]
    fn is_the_users() {
        assert_eq!(f(1), 1);
    }
}
