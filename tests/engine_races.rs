//! An engine while its accessor, bodies and time move: what was forgotten stays forgotten, what was given is kept.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    panic::catch_unwind,
    sync::{
        Arc, Barrier, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use hooked::{QUIET, hooked};
use memo_runtime::{clock::advance, memoize};
use watchdog::watched;

/// Of those who move the clock, one at a time.
static CLOCK: Mutex<()> = Mutex::new(());

mod a_body_meanwhile {
    use super::*;

    /// What a body calls while it runs.
    type Meanwhile = fn(u64);

    thread_local! {
        static MEANWHILE: Cell<Option<Meanwhile>> = const { Cell::new(None) };
    }

    #[memoize(engine = quick_cache::sync::Cache::new(100), ttl = |_| Duration::MAX)]
    fn slow(n: u64) -> u64 {
        if let Some(meanwhile) = MEANWHILE.take() {
            meanwhile(n);
        }
        n
    }
    #[memoize(engine = moka::sync::Cache::new(100), single_flight, stats)]
    fn flying(n: u64) -> u64 {
        if let Some(meanwhile) = MEANWHILE.take() {
            meanwhile(n);
        }
        n
    }

    /// Runs it as another thread does, and what is kept afterwards.
    fn kept(n: u64, meanwhile: Meanwhile) -> [Option<u64>; 2] {
        MEANWHILE.set(Some(meanwhile));
        slow(n);
        MEANWHILE.set(Some(meanwhile));
        flying(n);
        [slow_cache().peek((n,)), flying_cache().peek((n,))]
    }

    #[test]
    fn is_kept_out_by_what_forgets_it_and_gives_way_to_what_is_inserted() {
        assert_eq!(kept(1, |_| (slow_cache().clear(), flying_cache().clear()).0), [None; 2]);
        assert_eq!(
            kept(2, |n| {
                assert!(!slow_cache().remove((n,)));
                assert!(!flying_cache().remove((n,)));
            }),
            [None; 2]
        );
        assert_eq!(
            kept(3, |n| {
                slow_cache().insert((n,), 9);
                flying_cache().insert((n,), 9);
                assert!(slow_cache().remove((n,)) && flying_cache().remove((n,)));
            }),
            [None; 2]
        );
        assert_eq!(
            kept(4, |_| memo_runtime::caches()
                .filter(|cache| ["slow", "flying"].contains(&cache.name()))
                .for_each(|cache| assert!(cache.clear()))),
            [None; 2]
        );
        assert_eq!(kept(5, |n| _ = slow_cache().remove((n + 1,))), [Some(5); 2]);
        let insert: Meanwhile = |n| {
            slow_cache().insert((n,), 77);
            flying_cache().insert((n,), 77);
        };
        assert_eq!(kept(11, insert), [Some(77); 2]);
        assert_eq!((slow(11), flying(11)), (77, 77));
    }
}

/// Under load, nothing is seen that is older than the last forgetting of its key.
#[test]
fn a_removed_key_is_never_seen_again() {
    static NOW: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
    static STOP: AtomicBool = AtomicBool::new(false);

    #[memoize(engine = quick_cache::sync::Cache::new(3))]
    fn bounded(key: usize) -> u64 {
        NOW[key].load(SeqCst)
    }
    #[memoize(engine = moka::sync::Cache::new(100), ttl = |_| Duration::MAX)]
    fn timed(key: usize) -> Result<u64, ()> {
        Ok(NOW[key].load(SeqCst))
    }
    #[memoize(engine = hooked(QUIET), single_flight)]
    fn flying(key: usize) -> Option<u64> {
        Some(NOW[key].load(SeqCst))
    }

    watched("a_removed_key_is_never_seen_again", || {
        thread::scope(|scope| {
            for worker in 0..2 {
                scope.spawn(move || {
                    for key in (worker..).take_while(|_| !STOP.load(SeqCst)) {
                        (bounded(key % 4), timed(key % 4), flying(key % 4)).1.expect("it is `Ok`");
                    }
                });
            }
            for round in 0..2_000 {
                let key = round % 4;
                let present = NOW[key].fetch_add(1, SeqCst) + 1;
                bounded_cache().remove((key,));
                timed_cache().remove((key,));
                flying_cache().remove((key,));
                assert!(bounded(key) >= present);
                assert!(timed(key).expect("it is `Ok`") >= present);
                assert!(flying(key).expect("it is `Some`") >= present);
            }
            STOP.store(true, SeqCst);
        });
    });
}

/// Nothing is seen that is older than the last clearing, though two threads clear.
#[test]
fn a_clearing_is_exact_also_beside_another() {
    static NOW: AtomicU64 = AtomicU64::new(0);
    static STOP: AtomicBool = AtomicBool::new(false);

    #[memoize(engine = quick_cache::sync::Cache::new(100))]
    fn now(_key: u64) -> u64 {
        NOW.load(SeqCst)
    }
    #[memoize(engine = hooked(QUIET), single_flight)]
    fn flying(_key: u64) -> u64 {
        NOW.load(SeqCst)
    }

    watched("a_clearing_is_exact_also_beside_another", || {
        thread::scope(|scope| {
            scope.spawn(|| {
                for key in (0..).take_while(|_| !STOP.load(SeqCst)) {
                    now(key % 8);
                    flying(key % 8);
                }
            });
            let clearing = [(); 2].map(|()| {
                scope.spawn(|| {
                    let mut stale = 0;
                    for _ in 0..1_000 {
                        let present = NOW.fetch_add(1, SeqCst) + 1;
                        now_cache().clear();
                        flying_cache().clear();
                        stale += (0..8).filter(|key| now(*key) < present).count();
                        stale += (0..8).filter(|key| flying(*key) < present).count();
                    }
                    stale
                })
            });
            let stale = clearing.map(|thread| thread.join().expect("no body panics"));
            STOP.store(true, SeqCst);
            assert_eq!(stale, [0, 0]);
        });
    });
}

/// The first thread to store decides what all see, whichever thread computed it.
#[test]
fn threads_agree_on_one_result() {
    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = moka::sync::Cache::new(10_000))]
    fn numbered(_round: usize, _side: Option<&str>) -> usize {
        let body = BODIES.fetch_add(1, SeqCst);
        thread::yield_now();
        body
    }

    watched("threads_agree_on_one_result", || {
        for round in 0..300 {
            let barrier = Barrier::new(3);
            let results = thread::scope(|scope| {
                [(); 3]
                    .map(|()| {
                        scope.spawn(|| {
                            barrier.wait();
                            (numbered(round, Some("a")), numbered(round, Some("a")))
                        })
                    })
                    .map(|thread| thread.join().expect("no body panics"))
            });
            assert!(results.iter().all(|result| *result == (results[0].0, results[0].0)));
        }
    });
}

mod time {
    use super::*;

    static BORN: AtomicU64 = AtomicU64::new(0);

    /// The body takes 4 seconds, and time counts from its end.
    #[memoize(engine = moka::sync::Cache::new(10), ttl = "10s", stats)]
    fn aged(_n: u64) -> u64 {
        advance(Duration::from_secs(4));
        BORN.fetch_add(1, SeqCst)
    }

    #[test]
    fn counts_from_the_end_of_the_body_and_from_the_insertion() {
        let _turn = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let first = aged(1);
        advance(Duration::from_millis(9_990));
        assert_eq!(aged(1), first);
        advance(Duration::from_millis(10));
        assert!(!aged_cache().contains((1,)));
        assert_eq!(aged_cache().peek((1,)), None);
        assert!(!aged_cache().remove((1,)));
        assert_ne!(aged(1), first);
        aged_cache().insert((1,), 99);
        advance(Duration::from_secs(9));
        assert_eq!(aged(1), 99);
        aged_cache().insert((1,), 98);
        advance(Duration::from_secs(9));
        assert_eq!(aged(1), 98);
        advance(Duration::from_secs(1));
        assert_ne!(aged(1), 98);
    }

    #[test]
    fn may_be_none_or_without_end() {
        #[memoize(engine = hooked(QUIET), ttl = |n: &u64| match n {
            0 => Duration::ZERO,
            1 => Duration::MAX,
            _ => Duration::from_secs(u64::MAX / 2),
        })]
        fn of(n: u64) -> u64 {
            n
        }
        let _turn = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = || [0, 1, 2].map(|n| of_cache().contains((n,)));
        assert_eq!([0, 1, 2].map(of), [0, 1, 2]);
        assert_eq!(kept(), [false, true, true]);
        advance(Duration::from_secs(60 * 60 * 24 * 365));
        assert_eq!(kept(), [false, true, true]);
    }

    /// How long it is good is asked of the value, once for each that is stored; a panic there stores nothing.
    #[test]
    fn a_closure_that_panics_stores_nothing() {
        static PANICS: AtomicBool = AtomicBool::new(true);
        fn of(value: &Arc<str>) -> Duration {
            assert!(!PANICS.swap(false, SeqCst), "no time");
            Duration::from_secs(value.len() as u64)
        }
        #[memoize(engine = quick_cache::sync::Cache::new(10), ttl = of, single_flight)]
        fn text(n: usize) -> Arc<str> {
            "x".repeat(n).into()
        }
        let _turn = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        watched("a_closure_that_panics_stores_nothing", || {
            assert!(catch_unwind(|| text(3)).is_err());
            assert!(!text_cache().contains((3,)));
            let kept = text(3);
            assert!(Arc::ptr_eq(&kept, &text(3)));
            assert_eq!(&*text(0), "");
            assert!(!text_cache().contains((0,)));
            advance(Duration::from_secs(3));
            assert!(!Arc::ptr_eq(&kept, &text(3)));
        });
    }
}
