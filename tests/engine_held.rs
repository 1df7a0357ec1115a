//! What an engine holds, and for how long: nothing is leaked, counts are exact, a thread that ends may still ask.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::{Cell, RefCell},
    panic::catch_unwind,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use hooked::{Hooks, Keeps, QUIET, hooked};
use memo_runtime::memoize;
use quick_cache::{Lifecycle, Weighter, sync::Cache};
use watchdog::watched;

/// Counts how many there are.
struct Live(&'static AtomicUsize);
impl Live {
    fn new(count: &'static AtomicUsize) -> Self {
        count.fetch_add(1, SeqCst);
        Self(count)
    }
}
impl Clone for Live {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}
impl Drop for Live {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

mod nothing_is_leaked {
    use super::*;

    static KEYS: AtomicUsize = AtomicUsize::new(0);
    static VALUES: AtomicUsize = AtomicUsize::new(0);

    #[derive(Clone)]
    struct Key(u64, #[allow(dead_code)] Live);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl std::hash::Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    fn key(n: u64) -> Key {
        Key(n, Live::new(&KEYS))
    }

    #[memoize(engine = hooked(QUIET), single_flight, cache_if = Result::is_ok)]
    fn counted(key: Key, fails: bool) -> Result<Live, Live> {
        assert!(key.0 != 13, "on purpose");
        if fails { Err(Live::new(&VALUES)) } else { Ok(Live::new(&VALUES)) }
    }

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), ttl = "1h")]
    fn forgotten(key: &Key) -> Live {
        let _ = key;
        Live::new(&VALUES)
    }

    fn live() -> (usize, usize) {
        (KEYS.load(SeqCst), VALUES.load(SeqCst))
    }

    #[test]
    fn whatever_becomes_of_a_result() {
        for n in [1, 2, 3, 1, 2, 3] {
            assert!(counted(key(n), false).is_ok());
            assert!(counted(key(n), true).is_err());
            forgotten(&key(n));
        }
        assert_eq!(live(), (3, 3));
        assert!(catch_unwind(|| counted(key(13), false)).is_err());
        assert_eq!(live(), (3, 3));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in 0..50 {
                        let _ = (counted(key(n % 8 + 20), false), forgotten(&key(n)));
                    }
                });
            }
        });
        assert_eq!(live(), (11, 11));
        counted_cache().insert((key(20), false), Live::new(&VALUES));
        assert_eq!(live(), (11, 11));
        assert!(counted_cache().remove((key(20), false)));
        assert_eq!(live(), (10, 10));
        counted_cache().clear();
        assert_eq!(live(), (0, 0));
    }
}

/// Values that call their function when they are cloned and dropped, in the engines that we bring.
mod values_that_call {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Calls(u64);
    impl Clone for Calls {
        fn clone(&self) -> Self {
            call();
            Self(self.0)
        }
    }
    impl Drop for Calls {
        fn drop(&mut self) {
            call();
        }
    }

    thread_local! {
        static MAY: Cell<bool> = const { Cell::new(true) };
    }
    fn call() {
        if MAY.replace(false) {
            assert_eq!(in_moka(3), Calls(3));
            assert_eq!(flying(4), Calls(4));
            MAY.set(true);
        }
    }

    #[memoize(engine = moka::sync::Cache::new(4))]
    fn in_moka(n: u64) -> Calls {
        Calls(n)
    }
    #[memoize(engine = hooked(QUIET), single_flight, ttl = "1h")]
    fn flying(n: u64) -> Calls {
        Calls(n)
    }

    #[test]
    fn back() {
        watched("back", || {
            for n in (0..40).chain(0..40) {
                assert_eq!(in_moka(n), Calls(n));
                assert_eq!(flying(n), Calls(n));
                in_moka_cache().insert((n,), Calls(n));
                flying_cache().insert((n,), Calls(n));
                in_moka_cache().remove((n,));
                flying_cache().remove((n / 2,));
            }
            in_moka_cache().clear();
            flying_cache().clear();
        });
    }
}

#[test]
fn hits_and_misses_add_up() {
    #[memoize(engine = Cache::new(16), stats)]
    fn plain(n: u64) -> u64 {
        n
    }
    #[memoize(engine = moka::sync::Cache::new(16), stats, single_flight, ttl = "1h")]
    fn flying(n: u64) -> u64 {
        thread::yield_now();
        n
    }
    watched("hits_and_misses_add_up", || {
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    barrier.wait();
                    for n in 0..1_000 {
                        plain(n % 40);
                        flying(n % 40);
                        plain_cache().peek((n % 40,));
                        flying_cache().contains((n % 40,));
                    }
                });
            }
        });
        for info in [plain_cache().info(), flying_cache().info()] {
            assert_eq!(info.hits.zip(info.misses).map(|(hits, misses)| hits + misses), Some(4_000));
        }
    });
}

/// A value of a thread that ends asks when the thread's other values are gone.
#[test]
fn a_thread_that_ends_may_ask() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = Cache::new(10), single_flight, ttl = "1h")]
    fn doubled(n: u64) -> u64 {
        n * 2
    }
    #[memoize(engine = hooked(QUIET), stats)]
    fn tripled(n: u64) -> u64 {
        n * 3
    }
    struct Asks;
    impl Drop for Asks {
        fn drop(&mut self) {
            assert_eq!((doubled(7), tripled(7)), (14, 21));
            doubled_cache().remove((7,));
            tripled_cache().clear();
            ASKED.fetch_add(1, SeqCst);
        }
    }
    thread_local! {
        static FIRST: RefCell<Option<Asks>> = const { RefCell::new(None) };
    }
    watched("a_thread_that_ends_may_ask", || {
        for _ in 0..2 {
            let before: fn() = || FIRST.set(Some(Asks));
            let ask: fn() = || assert_eq!((doubled(1), tripled(1)), (2, 3));
            for steps in [[before, ask], [ask, before]] {
                thread::spawn(move || steps.iter().for_each(|step| step()))
                    .join()
                    .expect("it ends");
            }
        }
        assert_eq!(ASKED.load(SeqCst), 4);
    });
}

/// Parts of `quick_cache` that users write name the value, and leave the key open.
mod parts_of_an_engine {
    use super::*;

    #[derive(Clone)]
    struct Length;
    impl<K> Weighter<K, Arc<str>> for Length {
        fn weight(&self, _key: &K, value: &Arc<str>) -> u64 {
            value.len() as u64
        }
    }
    #[derive(Clone)]
    struct Count;
    static EVICTED: AtomicUsize = AtomicUsize::new(0);
    impl<K> Lifecycle<K, Arc<str>> for Count {
        type RequestState = ();
        fn on_evict(&self, (): &mut (), _key: K, value: Arc<str>) {
            EVICTED.fetch_add(value.len(), SeqCst);
        }
    }

    #[memoize(engine = Cache::with(10, 20, Length, std::hash::RandomState::new(), Count))]
    fn text(length: usize) -> Arc<str> {
        "x".repeat(length).into()
    }

    #[test]
    fn are_generic_over_the_key() {
        watched("are_generic_over_the_key", || {
            for length in (0..10).chain(0..10) {
                assert_eq!(text(length).len(), length);
            }
            assert!(EVICTED.load(SeqCst) > 0);
        });
    }
}

/// Arguments and results that are large, or nothing at all.
#[test]
fn sizes_do_not_matter() {
    #[memoize(engine = Cache::new(4), single_flight)]
    fn large(n: u8) -> Box<[u8; 1 << 20]> {
        vec![n; 1 << 20].try_into().expect("its length is right")
    }
    #[memoize(engine = moka::sync::Cache::new(4))]
    fn wide(block: [u64; 32], nothing: ()) -> [u64; 32] {
        let () = nothing;
        block.map(|n| n + 1)
    }
    #[derive(Clone, PartialEq, Debug)]
    struct Nothing;
    #[memoize(engine = moka::sync::Cache::new(0))]
    fn nothing(empty: [u8; 0]) -> Nothing {
        let [] = empty;
        Nothing
    }
    for n in [1, 2, 1] {
        assert_eq!(large(n)[1 << 19], n);
        assert_eq!(wide([u64::from(n); 32], ())[31], u64::from(n) + 1);
        assert_eq!(nothing([]), Nothing);
    }
}
