//! Engines that call back or panic while they are asked, also in two threads: no wrong value, no hang, nothing poisoned.

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
};

use hooked::{Hooks, Keeps, QUIET, hooked};
use memo_runtime::memoize;
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
                            plain(n);
                            flying(n);
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
        STORING.wait(); // the other is about to ask for all keys
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
                    STORING.wait(); // the other's body has begun
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

/// Lists and clears all caches whenever it is asked.
#[test]
fn an_engine_may_list_the_caches() {
    fn list() {
        for cache in memo_runtime::caches() {
            assert!(!format!("{} {}", cache.name(), cache.info()).is_empty());
            if cache.name() == "in_the_list" {
                cache.clear();
            }
        }
    }
    #[memoize(engine = hooked(Hooks { get: list, insert: list, remove: list, ..QUIET }), single_flight, stats)]
    fn in_the_list(n: u64) -> u64 {
        list();
        n
    }
    watched("an_engine_may_list_the_caches", || {
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for n in 0..20 {
                        assert_eq!(in_the_list(n % 3), n % 3);
                        in_the_list_cache().remove((n % 3,));
                    }
                });
            }
        });
        assert!(!in_the_list_cache().contains((1,)));
    });
}
