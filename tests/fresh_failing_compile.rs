//! What does not compile, and should. One module for each program.

use std::{borrow::Cow, sync::LazyLock, time::Duration};

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

/// A future with `single_flight` is not `Send` if a part of the key is a type with a `'static` lifetime in it
/// (`Cow<'static, str>`, `Vec<&'static str>`, `Id<'static>`; by value, in `key(…)`, in `reads(…)`; both scopes, every store), though the body's is: "implementation of `BodyPart` is not general enough".
mod futures_with_static_parts {
    use super::*;

    #[memoize(engine = moka::sync::Cache::new(10), single_flight)]
    async fn title(of: Cow<'static, str>) -> usize {
        of.len()
    }

    #[memoize(unbounded, single_flight)]
    async fn all(of: Vec<&'static str>) -> usize {
        of.len()
    }

    #[memoize]
    struct Page {
        path: String,
    }
    #[memoize]
    impl Page {
        #[memoize(single_flight)]
        async fn part(&self, of: Cow<'static, str>) -> usize {
            self.path.len() + of.len()
        }
    }

    #[test]
    fn are_send() {
        fn is_send<F: Send>(_future: &F) {}
        is_send(&title("a".into()));
        is_send(&all(vec!["a"]));
        is_send(&async {
            Page { path: "a".into(), memo: Default::default() }.part("b".into()).await
        });
    }
}
