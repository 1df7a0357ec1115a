//! Engines that lie, panic or call back: no wrong value, no hang, nothing poisoned.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc::channel,
    },
    thread,
    time::Duration,
};

use hooked::{Hooks, Keeps, QUIET, hooked};
use memo_runtime::{clock::advance, memoize};
use watchdog::watched;

thread_local! {
    static NEXT: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Runs what is to be run, once.
fn fire() {
    if let Some(next) = NEXT.take() {
        next();
    }
}

const FIRING: Hooks =
    Hooks { get: fire, insert: fire, inserted: fire, remove: fire, clear: fire, keeps: Keeps::All };

mod liars {
    use super::*;

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), single_flight, stats)]
    fn forgotten(n: u64) -> u64 {
        if n < 2 { n } else { forgotten(n - 1) + forgotten(n - 2) }
    }

    #[memoize(engine = hooked(Hooks { keeps: Keeps::UntilAsked, ..QUIET }), stats)]
    fn given_once(n: u64) -> u64 {
        if n < 2 { n } else { given_once(n - 1) + given_once(n - 2) }
    }

    #[test]
    fn forgetting_is_a_miss_and_no_more() {
        watched("forgetting_is_a_miss_and_no_more", || {
            assert_eq!(forgotten(12), 144);
            assert_eq!(forgotten_cache().info().hits, Some(0));
            assert_eq!(forgotten_cache().peek((12,)), None);
            assert!(!forgotten_cache().remove((12,)));
            assert_eq!(given_once(12), 144);
            assert_eq!(given_once(12), 144);
        });
    }

    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = hooked(Hooks { keeps: Keeps::TheFirst, ..QUIET }), ttl = "10s", single_flight)]
    fn stubborn(_key: &str) -> usize {
        BODIES.fetch_add(1, SeqCst)
    }

    #[test]
    fn what_an_engine_refuses_to_forget_is_not_served_older_than_its_ttl() {
        let first = stubborn("a");
        assert_eq!(stubborn("a"), first);
        advance(Duration::from_secs(10));
        for later in 1..4 {
            assert_eq!(stubborn("a"), first + later);
            assert_eq!(stubborn_cache().peek(("a",)), None);
        }
    }

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), single_flight)]
    fn shared(_round: u64, _who: Alike) -> usize {
        let body = BODIES.fetch_add(1, SeqCst);
        thread::yield_now();
        body
    }

    /// All are the same key, and say nothing to the hash.
    #[derive(Clone)]
    struct Alike;
    impl PartialEq for Alike {
        fn eq(&self, _other: &Self) -> bool {
            true
        }
    }
    impl Eq for Alike {}
    impl std::hash::Hash for Alike {
        fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
    }

    #[test]
    fn a_flight_ends_without_an_entry() {
        watched("a_flight_ends_without_an_entry", || {
            for round in 0..200 {
                let barrier = Barrier::new(4);
                thread::scope(|scope| {
                    for _ in 0..4 {
                        scope.spawn(|| {
                            barrier.wait();
                            shared(round, Alike)
                        });
                    }
                });
            }
        });
    }

    /// Not even equal to itself.
    #[derive(Clone, Hash)]
    struct Never(u64);
    impl PartialEq for Never {
        fn eq(&self, _other: &Self) -> bool {
            false
        }
    }
    impl Eq for Never {}

    #[memoize(engine = moka::sync::Cache::new(10), single_flight)]
    fn unequal(n: Never) -> u64 {
        n.0 + 1
    }
    #[memoize(engine = quick_cache::sync::Cache::new(10))]
    fn unequal_too(n: &Never) -> u64 {
        n.0 + 1
    }

    #[test]
    fn keys_that_equal_nothing_are_misses() {
        watched("keys_that_equal_nothing_are_misses", || {
            for n in (0..50).chain(0..50) {
                assert_eq!(unequal(Never(n)), n + 1);
                assert_eq!(unequal_too(&Never(n)), n + 1);
                assert!(!unequal_cache().contains((Never(n),)));
                assert!(!unequal_too_cache().remove((&Never(n),)));
            }
        });
    }
}

mod callbacks_and_panics {
    use super::*;

    const STEPS: [fn(); 8] = [
        || assert_eq!(plain(2), 4),
        || assert_eq!(flying(2), 4),
        || assert_eq!(plain(9), 81),
        || assert_eq!(flying(9), 81),
        || {
            plain_cache().insert((3,), 9);
            flying_cache().insert((3,), 9);
        },
        || {
            plain_cache().remove((2,));
            flying_cache().remove((2,));
        },
        || {
            plain_cache().clear();
            flying_cache().clear();
        },
        || panic!("on purpose"),
    ];

    #[memoize(engine = hooked(FIRING), stats)]
    fn plain(n: u64) -> u64 {
        n * n
    }
    #[memoize(engine = hooked(FIRING), single_flight, ttl = "1h")]
    fn flying(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn an_engine_may_call_back_and_panic_in_each_of_its_methods() {
        watched("an_engine_may_call_back_and_panic_in_each_of_its_methods", || {
            for outer in &STEPS[..7] {
                for inner in STEPS {
                    // What runs is called back from the first to the fourth time that the engine is asked.
                    for when in 0..4 {
                        for n in [2, 3] {
                            (plain(n), flying(n));
                        }
                        COUNT.set(when);
                        LATER.set(Some(inner));
                        NEXT.set(Some(later));
                        let _ = catch_unwind(AssertUnwindSafe(outer));
                        NEXT.set(None);
                        for n in [2, 3, 9] {
                            assert_eq!((plain(n), flying(n)), (n * n, n * n));
                            assert_eq!(plain_cache().peek((n,)), Some(n * n));
                            assert_eq!(flying_cache().peek((n,)), Some(n * n));
                        }
                    }
                }
            }
        });
    }

    thread_local! {
        static COUNT: Cell<u32> = const { Cell::new(0) };
        static LATER: Cell<Option<fn()>> = const { Cell::new(None) };
    }

    fn later() {
        if COUNT.get() == 0 {
            LATER.take().expect("it is set")();
        } else {
            COUNT.set(COUNT.get() - 1);
            NEXT.set(Some(later));
        }
    }
}

/// One thread stores, and its engine calls what another computes, which needs the lock of the first.
mod two_threads {
    use super::*;

    static STORING: Barrier = Barrier::new(2);

    fn ask_the_other() {
        if !IS_STORING.replace(false) {
            return;
        }
        STORING.wait(); // the other's body has begun
        STORING.wait(); // and is about to ask for all keys
        assert_eq!(crossed(1_000), 1_000);
    }

    thread_local! {
        static IS_STORING: Cell<bool> = const { Cell::new(false) };
    }

    #[memoize(engine = hooked(Hooks { insert: ask_the_other, ..QUIET }), single_flight)]
    fn crossed(n: u64) -> u64 {
        if n == 1_000 && !WAITED.replace(true) {
            STORING.wait();
            STORING.wait();
            for key in 0..200 {
                assert_eq!(crossed(key), key);
            }
        }
        n
    }

    thread_local! {
        static WAITED: Cell<bool> = const { Cell::new(false) };
    }

    #[test]
    fn do_not_wait_for_each_other() {
        watched("do_not_wait_for_each_other", || {
            let (done, is_done) = channel();
            thread::scope(|scope| {
                let other = done.clone();
                scope.spawn(move || {
                    assert_eq!(crossed(1_000), 1_000);
                    other.send(()).expect("it is awaited");
                });
                scope.spawn(move || {
                    IS_STORING.set(true);
                    WAITED.set(true);
                    assert_eq!(crossed(2_000), 2_000);
                    done.send(()).expect("it is awaited");
                });
                for _ in 0..2 {
                    is_done.recv().expect("both end");
                }
            });
        });
    }

    #[memoize(engine = hooked(Hooks { insert: again, ..QUIET }), single_flight)]
    fn busy(n: u64) -> u64 {
        n
    }
    fn again() {
        let depth = DEPTH.get();
        if depth < 2 {
            DEPTH.set(depth + 1);
            for n in 0..8 {
                assert_eq!(busy(n * 3), n * 3);
                busy_cache().remove((n,));
            }
            DEPTH.set(depth);
        }
    }
    thread_local! {
        static DEPTH: Cell<u32> = const { Cell::new(0) };
    }

    #[test]
    fn engines_of_many_threads_do_not_wait_in_a_circle() {
        watched("engines_of_many_threads_do_not_wait_in_a_circle", || {
            thread::scope(|scope| {
                for worker in 0..4 {
                    scope.spawn(move || {
                        for n in 0..50 {
                            assert_eq!(busy(n * 7 % 40 + worker), n * 7 % 40 + worker);
                        }
                    });
                }
            });
        });
    }
}

/// A listener of moka's that calls back on the thread that inserts.
#[test]
fn a_listener_may_call_the_function() {
    static EVICTED: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = moka::sync::Cache::builder().max_capacity(2).eviction_listener(|_, value: u64, _| {
        EVICTED.fetch_add(1, SeqCst);
        if value < 1_000 {
            listened(value + 1_000);
            listened_cache().remove((value + 1_000,));
        }
    }).build())]
    fn listened(n: u64) -> u64 {
        n
    }
    watched("a_listener_may_call_the_function", || {
        for n in (0..100).chain(0..100) {
            assert_eq!(listened(n), n);
        }
        assert!(EVICTED.load(SeqCst) > 0);
    });
}
