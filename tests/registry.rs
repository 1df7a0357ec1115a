//! `memo_runtime::caches()`: all type-scoped caches in use, with their counts. One process, so the tests look for their own.

use std::thread;

use memo_runtime::{CacheHandle, caches, memoize};

fn named(name: &str) -> Vec<CacheHandle> {
    caches().filter(|cache| cache.name() == name).collect()
}
fn only(name: &str) -> CacheHandle {
    let found = named(name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0]
}

#[memoize(unbounded, stats)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}
#[memoize(capacity = 2, stats)]
fn asked_first(n: u64) -> u64 {
    n
}
#[memoize(unbounded, unsync)]
fn of_one_thread(n: u64) -> u64 {
    n
}
#[memoize(unbounded, returns = "ref")]
fn lent(n: u64) -> String {
    n.to_string()
}
#[memoize(returns = "ref", accessor = false)]
fn lent_once() -> String {
    "once".into()
}
#[memoize(single_flight, capacity = 4, stats)]
fn flying(n: u64) -> u64 {
    n
}
#[memoize(single_flight, unbounded, returns = "ref")]
fn flying_lent(n: u64) -> u64 {
    n
}

#[memoize]
struct Rates {
    base: u64,
}
#[memoize]
impl Rates {
    #[memoize(scope = "type", capacity = 3, reads(base: u64))]
    fn rate(&self, n: u64) -> u64 {
        self.base + n
    }
    #[memoize(scope = "type", capacity = 3, policy = "sieve", accessor = false)]
    fn r#type(n: u64) -> u64 {
        n
    }
    #[memoize]
    fn of_an_instance(&self) -> u64 {
        self.base
    }
}

mod inner {
    use memo_runtime::memoize;
    pub struct Grid<T, const N: usize>(pub [T; N]);
    #[memoize]
    impl<T: Clone + Default + 'static, const N: usize> Grid<T, N> {
        #[memoize(unbounded, stats)]
        pub fn cells(n: usize) -> usize {
            n * N
        }
        #[memoize(unbounded, unsync)]
        pub fn of_one_thread(n: usize) -> usize {
            n * N
        }
    }
    pub trait Scale<T> {
        fn scale(n: u64) -> u64;
    }
    #[memoize]
    impl<T: 'static> Scale<T> for Grid<u8, 1> {
        #[memoize(unbounded)]
        fn scale(n: u64) -> u64 {
            n + size_of::<T>() as u64
        }
    }
}
use inner::{Grid, Scale};

#[test]
fn caches_are_listed_from_their_first_use_on() {
    assert!(named("fib").is_empty());
    fib(10);
    let cache = only("fib");
    assert_eq!(cache.info().to_string(), "hits=8 misses=11 evictions=0 len=11 capacity=unbounded");
    assert_eq!((cache.info().len, cache.info().errors), (Some(11), None));
    fib(10);
    assert_eq!(only("fib").info().hits, Some(9));
    assert!(format!("{cache:?}").starts_with("CacheHandle { name: \"fib\", info: CacheInfo"));
    assert!(cache.clear());
    assert!(fib_cache().is_empty());
    assert_eq!(cache.info().misses, Some(0));
    // An accessor is a use.
    assert!(named("asked_first").is_empty());
    assert!(asked_first_cache().is_empty());
    assert_eq!(only("asked_first").info().capacity, Some(2));
    asked_first(1);
    assert_eq!(only("asked_first").info().len, Some(1));
}

#[test]
fn methods_are_named_with_their_type() {
    let rates = Rates { base: 1, memo: Default::default() };
    rates.rate(1);
    rates.of_an_instance();
    Rates::r#type(1);
    assert_eq!(only("Rates::rate").info().len, Some(1));
    assert!(only("Rates::type").clear());
    assert_eq!(only("Rates::type").info().len, Some(0));
    assert!(!caches().any(|cache| cache.name().contains("of_an_instance")));
}

#[test]
fn generic_blocks_have_one_for_each_concrete_type() {
    Grid::<u8, 2>::cells(1);
    Grid::<u8, 2>::cells(2);
    Grid::<String, 3>::cells(1);
    Grid([0_u8]).0[0] += 1;
    assert_eq!(only("Grid<u8, 2>::cells").info().len, Some(2));
    assert_eq!(only("Grid<String, 3>::cells").info().misses, Some(1));
    assert!(only("Grid<u8, 2>::cells").clear());
    assert_eq!(only("Grid<u8, 2>::cells").info().len, Some(0));
    assert_eq!(only("Grid<String, 3>::cells").info().len, Some(1));
    <Grid<u8, 1> as Scale<u16>>::scale(1);
    <Grid<u8, 1> as Scale<u32>>::scale(1);
    assert_eq!(only("(Grid<u8, 1>, u16)::scale").info().len, Some(1));
    assert_eq!(only("(Grid<u8, 1>, u32)::scale").info().len, Some(1));
}

#[test]
fn caches_of_a_thread_are_not_listed() {
    of_one_thread(1);
    Grid::<u8, 2>::of_one_thread(1);
    assert!(!caches().any(|cache| cache.name().contains("of_one_thread")));
}

#[test]
fn what_is_lent_is_not_forgotten() {
    let (first, second) = (lent(1), lent_once());
    flying_lent(1);
    for name in ["lent", "lent_once", "flying_lent"] {
        assert!(!only(name).clear());
        assert_eq!(only(name).info().len, Some(1));
    }
    assert_eq!((first.as_str(), second.as_str()), ("1", "once"));
}

#[test]
fn single_flight_is_listed_like_others() {
    flying(1);
    flying(1);
    let cache = only("flying");
    assert_eq!(cache.info().to_string(), "hits=1 misses=1 evictions=0 len=1 capacity=4");
    assert!(cache.clear());
    assert!(flying_cache().is_empty());
}

#[test]
fn each_is_listed_once_however_many_threads_come_first() {
    #[memoize(unbounded)]
    fn raced(n: u64) -> u64 {
        n
    }
    struct Raced<T>(T);
    #[memoize]
    impl<T: 'static> Raced<T> {
        #[memoize(unbounded)]
        fn raced(n: u64) -> u64 {
            n
        }
    }
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!((raced(1), Raced::<u8>::raced(1)), (1, 1));
                // Listing and clearing meanwhile.
                assert!(caches().count() > 0);
                for cache in caches().filter(|cache| cache.name().contains("raced")) {
                    assert!(cache.clear());
                }
            });
        }
    });
    only("raced");
    only("Raced<u8>::raced");
    assert_eq!(Raced(1).0, 1);
}
