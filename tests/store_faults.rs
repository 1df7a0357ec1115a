//! A store fails, lies, and is overtaken: calls return what is right, errors are counted, and the store is used again. (A real server that
//! fails is in `tests/redis`.)

#[path = "support/flaky.rs"]
mod flaky;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    future::{Future, poll_fn},
    panic::catch_unwind,
    sync::{
        Barrier, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use flaky::Flaky;
use memo_runtime::{ErrorKind, Region, StoreError, clock::advance, memoize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use watchdog::watched;

/// Tests share the clock.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

mod gates {
    use super::*;

    static ERRORS: Mutex<Vec<(ErrorKind, String)>> = Mutex::new(Vec::new());

    fn note(error: &StoreError) {
        ERRORS.lock().unwrap().push((error.kind(), error.cache().to_owned()));
    }

    static REGION: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("gates", Flaky::default()).on_error(note));

    #[memoize(store = &REGION, unbounded, stats)]
    fn square(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn after_an_error_calls_do_without_for_a_while() {
        let _turn = alone();
        let store = REGION.store();
        store.fail(true, false);
        for _ in 0..10 {
            assert_eq!(square(3), 9);
        }
        // One call has tried to read; all have written.
        assert_eq!(store.used(), (1, 10));
        assert_eq!(square_cache().info().errors, Some(1));
        assert_eq!(*ERRORS.lock().unwrap(), [(ErrorKind::Read, "square".to_owned())]);

        // One tries again, and fails.
        advance(Duration::from_secs(1));
        for _ in 0..3 {
            square(3);
        }
        assert_eq!(store.used().0, 2);

        // One tries again, and all come back.
        store.fail(false, false);
        advance(Duration::from_millis(999));
        square(3);
        assert_eq!(store.used().0, 2);
        advance(Duration::from_millis(1));
        let writes = store.used().1;
        for _ in 0..3 {
            assert_eq!(square(3), 9);
        }
        assert_eq!(store.used(), (5, writes));
        assert_eq!(square_cache().info().hits, Some(3));

        // Writing has a gate of its own.
        store.fail(false, true);
        let (reads, writes) = store.used();
        for n in 10..15 {
            assert_eq!(square(n), n * n);
        }
        assert_eq!(store.used(), (reads + 5, writes + 1));
        assert_eq!(ERRORS.lock().unwrap().last().unwrap().0, ErrorKind::Write);
        store.fail(false, false);
        advance(Duration::from_secs(1));
        square(20);
        square(20);
        assert_eq!(square_cache().info().errors, Some(3));
    }

    static PANICS: LazyLock<Region<Flaky>> = LazyLock::new(|| {
        Region::new("panics", Flaky::default()).on_error(|error| panic!("on purpose: {error}"))
    });

    #[memoize(store = &PANICS, unbounded)]
    fn cube(n: u64) -> u64 {
        n.pow(3)
    }

    #[test]
    fn a_hook_that_panics_is_not_the_end_of_the_call() {
        let _turn = alone();
        PANICS.store().fail(true, true);
        assert_eq!(cube(2), 8);
        assert_eq!(cube_cache().info().errors, Some(2));
    }

    /// Of threads that come at once when a gate may be tried, one tries.
    #[test]
    fn one_call_tries() {
        static REGION: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("try", Flaky::default()));
        #[memoize(store = &REGION, unbounded)]
        fn tried(n: usize) -> usize {
            n
        }
        let _turn = alone();
        REGION.store().fail(true, true);
        tried(0);
        for round in 1..20 {
            advance(Duration::from_secs(1));
            let barrier = Barrier::new(8);
            thread::scope(|scope| {
                for thread in 0..8 {
                    let barrier = &barrier;
                    scope.spawn(move || {
                        barrier.wait();
                        assert_eq!(tried(thread), thread);
                    });
                }
            });
            assert_eq!(REGION.store().used(), (round + 1, round + 1));
        }
    }
}

mod garbage {
    use super::*;

    static REGION: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("garbage", Flaky::default()));

    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = &REGION, ttl = "1h", stats)]
    fn words(text: &str) -> Vec<String> {
        BODIES.fetch_add(1, SeqCst);
        text.split(' ').map(String::from).collect()
    }

    #[memoize(store = &REGION, ttl = "1h")]
    fn letters(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    type Change = dyn FnMut(Vec<u8>) -> Vec<u8>;

    #[test]
    fn is_a_miss_that_is_overwritten() {
        let _turn = alone();
        letters("to be");
        let others = REGION.store().last.lock().unwrap().1.clone();
        let mut seed = 1_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as u8
        };
        let mut changes: Vec<Box<Change>> = vec![
            Box::new(|_| Vec::new()),
            Box::new(move |_| (0..4096).map(|_| random()).collect()),
            Box::new(move |_| others.clone()),
            Box::new(|mut bytes| {
                bytes.push(0);
                bytes
            }),
            Box::new(|mut bytes| {
                bytes[4] += 1;
                bytes
            }),
        ];
        words("to be");
        let length = REGION.store().last.lock().unwrap().1.len();
        for end in 0..length {
            changes.push(Box::new(move |bytes| bytes[..end].to_vec()));
        }
        // Of the header, each bit.
        for bit in 0..8 * 45 {
            changes.push(Box::new(move |mut bytes| {
                bytes[bit / 8] ^= 1 << (bit % 8);
                bytes
            }));
        }
        for mut change in changes {
            let bodies = BODIES.load(SeqCst);
            REGION.store().replace(&mut change);
            assert_eq!(words("to be"), ["to", "be"]);
            let again = BODIES.load(SeqCst);
            assert_eq!(words("to be"), ["to", "be"]);
            // A bit of the start or of the deadline may leave the entry what it was.
            assert!(again - bodies <= 1 && BODIES.load(SeqCst) == again);
        }
        assert!(words_cache().info().errors > Some(length as u64));
        REGION.store().replace(|_| vec![1]);
        assert_eq!(words_cache().get(("to be",)).unwrap_err().kind(), ErrorKind::Decode);
    }

    /// The entry of another key, under this one's.
    #[test]
    fn another_key_is_another_key() {
        static OTHER: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("other", Flaky::default()));
        #[memoize(store = &OTHER, unbounded)]
        fn upper(text: &str) -> String {
            text.to_uppercase()
        }
        upper("a");
        let of_a = OTHER.store().last.lock().unwrap().1.clone();
        upper("b");
        OTHER.store().replace(|_| of_a);
        assert_eq!(upper_cache().get(("b",)).unwrap(), None);
        assert_eq!(upper("b"), "B");
        assert_eq!(upper_cache().info().errors, Some(0));
        assert_eq!(upper_cache().get(("b",)).unwrap().as_deref(), Some("B"));
    }
}

mod serde_that_panics {
    use super::*;

    static REGION: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("serde", Flaky::default()));

    static READS: AtomicBool = AtomicBool::new(true);
    static WRITES: AtomicBool = AtomicBool::new(true);

    #[derive(Debug, PartialEq, Eq, Hash)]
    struct Touchy(u64);
    impl Serialize for Touchy {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            assert!(WRITES.load(SeqCst), "on purpose");
            serializer.serialize_u64(self.0)
        }
    }
    impl<'de> Deserialize<'de> for Touchy {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            assert!(READS.load(SeqCst), "on purpose");
            u64::deserialize(deserializer).map(Self)
        }
    }

    #[memoize(store = &REGION, unbounded, single_flight)]
    fn value(n: u64) -> Touchy {
        Touchy(n)
    }

    #[memoize(store = &REGION, unbounded)]
    fn key(n: Touchy) -> u64 {
        n.0
    }

    #[test]
    fn is_an_error_like_any_other() {
        let _turn = alone();
        for (reads, writes) in [(true, false), (false, true), (false, false), (true, true)] {
            READS.store(reads, SeqCst);
            WRITES.store(writes, SeqCst);
            for _ in 0..2 {
                assert_eq!(value(1), Touchy(1));
                assert_eq!(key(Touchy(2)), 2);
            }
        }
        assert!(value_cache().info().errors > Some(0));
        assert!(key_cache().info().errors > Some(0));
        assert_eq!(key_cache().get((Touchy(2),)).unwrap(), Some(2));
    }
}

mod bodies {
    use super::*;

    static REGION: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("bodies", Flaky::default()));

    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = &REGION, unbounded)]
    fn panics_once(n: u64) -> u64 {
        assert!(RUNS.fetch_add(1, SeqCst) > 0, "on purpose");
        n
    }

    #[test]
    fn a_panic_stores_nothing() {
        assert!(catch_unwind(|| panics_once(1)).is_err());
        assert_eq!(panics_once_cache().get((1,)).unwrap(), None);
        assert_eq!((panics_once(1), panics_once(1)), (1, 1));
        assert_eq!(RUNS.load(SeqCst), 2);
    }

    static FORGETS: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = &REGION, unbounded)]
    fn forgets(n: u64) -> u64 {
        match FORGETS.fetch_add(1, SeqCst) {
            0 => forgets_cache().clear().unwrap(),
            1 => _ = forgets_cache().remove((n,)).unwrap(),
            2 => forgets_cache().insert((n,), 7).unwrap(),
            _ => {}
        }
        n
    }

    #[test]
    fn what_is_forgotten_while_it_is_computed_is_not_stored() {
        for _ in 0..2 {
            assert_eq!(forgets(1), 1);
            assert_eq!(forgets_cache().get((1,)).unwrap(), None);
        }
        assert_eq!(forgets(1), 1);
        assert_eq!(forgets(1), 7);
    }

    #[test]
    fn of_threads_that_miss_together_the_first_result_is_stored() {
        static BOTH: Barrier = Barrier::new(2);
        static NEXT: AtomicUsize = AtomicUsize::new(0);

        #[memoize(store = &REGION, unbounded)]
        fn numbered(_round: u64) -> usize {
            BOTH.wait();
            NEXT.fetch_add(1, SeqCst)
        }

        watched("of_threads_that_miss_together", || {
            for round in 0..50 {
                let results = thread::scope(|scope| {
                    [(), ()]
                        .map(|()| scope.spawn(move || numbered(round)))
                        .map(|thread| thread.join().expect("no body panics"))
                });
                let first = numbered_cache().get((round,)).unwrap().expect("one is stored");
                assert!(results.contains(&first));
                for _ in 0..3 {
                    assert_eq!(numbered(round), first);
                }
            }
        });
    }

    #[test]
    fn recursion() {
        #[memoize(store = &REGION, unbounded, single_flight)]
        fn fib(n: u64) -> u64 {
            if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
        }
        assert_eq!(fib(50), 12_586_269_025);
    }

    #[test]
    fn one_body_at_a_time_with_single_flight() {
        static ONCE: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("once", Flaky::default()));
        static BODIES: AtomicUsize = AtomicUsize::new(0);

        #[memoize(store = &ONCE, unbounded, single_flight, stats)]
        fn once(round: u64) -> Option<u64> {
            BODIES.fetch_add(1, SeqCst);
            thread::yield_now();
            Some(round)
        }

        fn ten_at_once(round: u64) {
            let barrier = Barrier::new(10);
            thread::scope(|scope| {
                for _ in 0..10 {
                    scope.spawn(|| {
                        barrier.wait();
                        assert_eq!(once(round), Some(round));
                    });
                }
            });
        }

        watched("one_body_at_a_time", || {
            (0..1000).for_each(ten_at_once);
            assert_eq!(BODIES.load(SeqCst), 1000);
            let info = once_cache().info();
            assert_eq!((info.hits, info.misses), (Some(9000), Some(1000)));
            // Without a store the values are right still.
            ONCE.store().fail(true, true);
            (1000..1100).for_each(ten_at_once);
        });
    }

    #[test]
    fn waiters_get_the_leaders_result_without_the_store() {
        static BROKEN: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("broken", Flaky::default()));
        static BODIES: AtomicUsize = AtomicUsize::new(0);
        static CALLERS: AtomicUsize = AtomicUsize::new(0);

        #[memoize(store = &BROKEN, unbounded, single_flight)]
        fn shared(n: u64) -> u64 {
            BODIES.fetch_add(1, SeqCst);
            // Until the others are about to wait.
            while CALLERS.load(SeqCst) < 5 {
                thread::yield_now();
            }
            thread::sleep(Duration::from_millis(50));
            n
        }

        BROKEN.store().fail(true, true);
        watched("waiters_get", || {
            thread::scope(|scope| {
                for _ in 0..5 {
                    scope.spawn(|| {
                        CALLERS.fetch_add(1, SeqCst);
                        assert_eq!(shared(1), 1);
                    });
                }
            });
        });
        assert_eq!(BODIES.load(SeqCst), 1);
    }

    #[test]
    fn its_own_key_panics_with_the_methods_name() {
        #[memoize(store = &REGION, unbounded, single_flight)]
        fn endless(n: u64) -> u64 {
            endless(n)
        }
        let panic = catch_unwind(|| endless(1)).unwrap_err();
        let said = panic.downcast_ref::<String>().expect("a text");
        assert!(said.contains("endless"), "{said}");
    }
}

mod futures {
    use super::*;

    static REGION: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("futures", Flaky::default()));

    async fn pause() {
        let mut paused = false;
        poll_fn(|context| {
            if std::mem::replace(&mut paused, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = &REGION, unbounded, single_flight)]
    async fn slow(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        pause().await;
        n
    }

    #[memoize(store = &REGION, unbounded)]
    async fn plain(n: u64) -> u64 {
        pause().await;
        n
    }

    /// Dropped at each point where it can be, nothing stays behind.
    #[test]
    fn a_dropped_one_leaves_nothing_behind() {
        for polls in 0..20 {
            let key = 1000 + polls;
            let mut context = Context::from_waker(Waker::noop());
            let mut first = Box::pin(slow(key));
            let mut second = Box::pin(plain(key));
            for _ in 0..polls {
                if first.as_mut().poll(&mut context).is_ready() {
                    break;
                }
            }
            for _ in 0..polls {
                if second.as_mut().poll(&mut context).is_ready() {
                    break;
                }
            }
            drop((first, second));
            block_on(async {
                assert_eq!(slow(key).await, key);
                assert_eq!(plain(key).await, key);
                // Who forgets waits for nobody that is gone.
                slow_cache().remove((key,)).await.unwrap();
                plain_cache().clear().await.unwrap();
            });
        }
    }

    #[test]
    fn a_waiting_task_takes_over_and_one_body_runs() {
        block_on(async {
            let before = BODIES.load(SeqCst);
            let mut context = Context::from_waker(Waker::noop());
            let mut leader = Box::pin(slow(1));
            for _ in 0..6 {
                let _ = leader.as_mut().poll(&mut context);
                if BODIES.load(SeqCst) > before {
                    break;
                }
            }
            let waiter = tokio::spawn(slow(1));
            tokio::task::yield_now().await;
            drop(leader);
            assert_eq!(waiter.await.unwrap(), 1);
            assert_eq!(BODIES.load(SeqCst) - before, 2);

            let before = BODIES.load(SeqCst);
            let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(slow(2))).collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 2);
            }
            assert_eq!(BODIES.load(SeqCst) - before, 1);
        });
    }

    #[test]
    fn errors_are_counted_and_values_right() {
        static BROKEN: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("broken futures", Flaky::default()));
        #[memoize(store = &BROKEN, unbounded)]
        async fn double(n: u64) -> u64 {
            n * 2
        }
        let _turn = alone();
        block_on(async {
            BROKEN.store().fail(true, true);
            for n in 0..5 {
                assert_eq!(double(n).await, n * 2);
            }
            assert_eq!(double_cache().info().errors, Some(2));
            assert_eq!(BROKEN.store().used(), (1, 1));
            assert!(double_cache().clear().await.is_err());
            assert!(double_cache().get((1,)).await.is_err());
            BROKEN.store().fail(false, false);
            advance(Duration::from_secs(1));
            double(1).await;
            assert_eq!(double_cache().get((1,)).await.unwrap(), Some(2));
        });
    }

    static FORGETS: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = &REGION, unbounded)]
    async fn forgets(n: u64) -> u64 {
        match FORGETS.fetch_add(1, SeqCst) {
            0 => forgets_cache().clear().await.unwrap(),
            1 => _ = forgets_cache().remove((n,)).await.unwrap(),
            _ => {}
        }
        n
    }

    #[test]
    fn what_is_forgotten_while_it_is_computed_is_not_stored() {
        block_on(async {
            for _ in 0..2 {
                assert_eq!(forgets(1).await, 1);
                assert_eq!(forgets_cache().get((1,)).await.unwrap(), None);
            }
            forgets(1).await;
            assert_eq!(forgets_cache().get((1,)).await.unwrap(), Some(1));
        });
    }

    #[test]
    fn two_runtimes_share_a_static() {
        for _ in 0..3 {
            let tasks: Vec<_> = (0..2)
                .map(|_| thread::spawn(|| block_on(async { slow(77).await + plain(77).await })))
                .collect();
            for task in tasks {
                assert_eq!(task.join().unwrap(), 154);
            }
        }
    }
}
