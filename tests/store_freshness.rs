//! What is forgotten or replaced in a store is not served again, whatever is under way meanwhile, in threads and in tasks, and wherever a
//! future is dropped.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    pin::pin,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use memo_runtime::{AsyncByteStore, BoxError, ByteStore, MemoryStore, Region, clock, memoize};
use watchdog::watched;

/// A store that gives way before and after each operation, now and then for longer.
#[derive(Default)]
struct Slow {
    inner: MemoryStore,
    turn: AtomicUsize,
}
impl Slow {
    fn pauses(&self) -> usize {
        self.turn.fetch_add(1, SeqCst) * 5 % 7
    }
    fn around<R>(&self, operation: impl FnOnce(&MemoryStore) -> R) -> R {
        (0..self.pauses()).for_each(|_| thread::yield_now());
        let result = operation(&self.inner);
        (0..self.pauses()).for_each(|_| thread::yield_now());
        result
    }
    async fn around_later<R>(&self, operation: impl FnOnce(&MemoryStore) -> R) -> R {
        steps(self.pauses()).await;
        let result = operation(&self.inner);
        steps(self.pauses()).await;
        result
    }
}
impl ByteStore for Slow {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.around(|inner| ByteStore::get(inner, key))
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.around(|inner| ByteStore::set(inner, key, value, ttl))
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        self.around(|inner| ByteStore::remove(inner, key))
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.around(|inner| ByteStore::clear(inner, prefix))
    }
}
impl AsyncByteStore for Slow {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.around_later(|inner| ByteStore::get(inner, key)).await
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.around_later(|inner| ByteStore::set(inner, key, value, ttl)).await
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        self.around_later(|inner| ByteStore::remove(inner, key)).await
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.around_later(|inner| ByteStore::clear(inner, prefix)).await
    }
}
static SLOW: LazyLock<Region<Slow>> = LazyLock::new(|| Region::new("slow", Slow::default()));

async fn steps(number: usize) {
    for _ in 0..number {
        tokio::task::yield_now().await;
    }
}

/// What a future comes to in so many steps, after which it is dropped.
fn poll<F: Future>(future: F, steps: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    (0..steps).find_map(|_| match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    })
}

/// The truth changes, and is then forgotten or put in place, in turn; a call that begins after that says no older truth.
macro_rules! no_older_truth {
    ($($name:ident, $later:ident: $($option:ident),*;)+) => { $(
        #[test]
        fn $name() {
            static TRUTH: AtomicU64 = AtomicU64::new(0);
            static KNOWN: AtomicU64 = AtomicU64::new(0);
            static OVER: AtomicBool = AtomicBool::new(false);

            #[memoize(store = &SLOW, unbounded, $($option),*)]
            fn truth(_key: u8, again: u8) -> u64 {
                let truth = TRUTH.load(SeqCst);
                (0..again).for_each(|_| thread::yield_now());
                truth
            }
            watched(stringify!($name), || thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| while !OVER.load(SeqCst) {
                        let known = KNOWN.load(SeqCst);
                        let told = truth(1, 2);
                        assert!(told >= known, "{told} is older than {known}");
                    });
                }
                for turn in 0..900 {
                    let now = TRUTH.fetch_add(1, SeqCst) + 1;
                    match turn % 3 {
                        0 => truth_cache().clear().unwrap(),
                        1 => assert!(truth_cache().remove((1, 2)).is_ok()),
                        _ => truth_cache().insert((1, 2), now).unwrap(),
                    }
                    KNOWN.store(now, SeqCst);
                }
                OVER.store(true, SeqCst);
            }));
        }

        #[test]
        fn $later() {
            static TRUTH: AtomicU64 = AtomicU64::new(0);
            static KNOWN: AtomicU64 = AtomicU64::new(0);
            static OVER: AtomicBool = AtomicBool::new(false);

            #[memoize(store = &SLOW, unbounded, $($option),*)]
            async fn truth(_key: u8, again: usize) -> u64 {
                let truth = TRUTH.load(SeqCst);
                steps(again).await;
                truth
            }
            async fn ask(again: usize) {
                while !OVER.load(SeqCst) {
                    let known = KNOWN.load(SeqCst);
                    let told = truth(1, 2).await;
                    assert!(told >= known, "{told} is older than {known}");
                    // And one that is dropped on its way.
                    let _ = poll(truth(1, 2), again);
                }
            }
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build().unwrap();
            watched(stringify!($later), || runtime.block_on(async {
                let tasks: Vec<_> = (0..5).map(|again| tokio::spawn(ask(again))).collect();
                for turn in 0..900 {
                    let now = TRUTH.fetch_add(1, SeqCst) + 1;
                    match turn % 3 {
                        0 => truth_cache().clear().await.unwrap(),
                        1 => assert!(truth_cache().remove((1, 2)).await.is_ok()),
                        _ => truth_cache().insert((1, 2), now).await.unwrap(),
                    }
                    KNOWN.store(now, SeqCst);
                }
                OVER.store(true, SeqCst);
                for task in tasks {
                    task.await.expect("no older truth");
                }
            }));
        }
    )+ };
}
no_older_truth! {
    threads_tell_no_older_truth, tasks_tell_no_older_truth: stats;
    threads_in_flight_tell_no_older_truth, tasks_in_flight_tell_no_older_truth: single_flight;
}

mod dropped {
    use super::*;

    static TRUTH: AtomicU64 = AtomicU64::new(0);

    #[memoize(store = &SLOW, unbounded)]
    async fn plain(_n: usize) -> u64 {
        let truth = TRUTH.load(SeqCst);
        steps(3).await;
        truth
    }
    #[memoize(store = &SLOW, unbounded, single_flight)]
    async fn flight(_n: usize) -> u64 {
        let truth = TRUTH.load(SeqCst);
        steps(3).await;
        truth
    }

    /// Computations, insertions and forgettings that end halfway: what comes after them is forgotten, computed and stored as ever.
    #[test]
    fn halfway_they_leave_nothing_behind() {
        for (n, second) in (0..60).flat_map(|n| [0, 1, 5, 9, 20].map(|second| (n, second))) {
            let now = TRUTH.fetch_add(1, SeqCst);
            let _ = (poll(plain(n), n), poll(flight(n), n));
            let _ = poll(flight_cache().insert((n,), now), second);
            let _ = poll(flight_cache().remove((n,)), second);
            let _ = poll(plain_cache().clear(), second);
            let now = TRUTH.fetch_add(1, SeqCst) + 1;
            assert!(poll(flight_cache().remove((n,)), 1000).is_some_and(|removed| removed.is_ok()));
            assert!(poll(plain_cache().clear(), 1000).is_some_and(|cleared| cleared.is_ok()));
            assert_eq!((poll(plain(n), 1000), poll(flight(n), 1000)), (Some(now), Some(now)));
            TRUTH.fetch_add(1, SeqCst);
            assert_eq!((poll(plain(n), 1000), poll(flight(n), 1000)), (Some(now), Some(now)));
        }
    }

    #[memoize(store = &SLOW, unbounded, single_flight)]
    async fn shared(n: usize) -> usize {
        steps(3).await;
        n
    }
    /// Two calls of a key take turns, and one of them ends halfway: the other comes to its end.
    #[test]
    fn halfway_they_hand_over() {
        for (polls, lead) in (0..60).flat_map(|polls| (0..4).map(move |lead| (polls, lead))) {
            let key = polls * 10 + lead;
            let (mut leader, mut waiter) = (Box::pin(shared(key)), Box::pin(shared(key)));
            let mut context = Context::from_waker(Waker::noop());
            let mut leads = true;
            for turn in 0..polls {
                leads = leads && leader.as_mut().poll(&mut context).is_pending();
                if turn >= lead && waiter.as_mut().poll(&mut context) == Poll::Ready(key) {
                    waiter = Box::pin(shared(key));
                }
            }
            drop(leader);
            assert_eq!(poll(waiter, 1000), Some(key));
        }
    }

    static READS: AtomicUsize = AtomicUsize::new(0);
    struct Returning(MemoryStore);
    impl AsyncByteStore for Returning {
        async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
            match READS.fetch_add(1, SeqCst) {
                0 => Err("down".into()),
                1 => std::future::pending().await,
                _ => ByteStore::get(&self.0, key),
            }
        }
        async fn set(
            &self,
            key: &[u8],
            value: &[u8],
            ttl: Option<Duration>,
        ) -> Result<(), BoxError> {
            ByteStore::set(&self.0, key, value, ttl)
        }
        async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
            ByteStore::remove(&self.0, key)
        }
        async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
            ByteStore::clear(&self.0, prefix)
        }
    }
    static RETURNING: LazyLock<Region<Returning>> =
        LazyLock::new(|| Region::new("returning", Returning(MemoryStore::new())));
    #[memoize(store = &RETURNING, unbounded)]
    async fn tried(n: u8) -> u8 {
        n
    }
    /// The call that tries whether a store is back is dropped before it knows: another tries.
    #[test]
    fn a_call_that_tries_is_not_the_last() {
        assert_eq!((poll(tried(1), 9), poll(tried(1), 9)), (Some(1), Some(1)));
        assert_eq!(READS.load(SeqCst), 1, "the gate is shut");
        clock::advance(Duration::from_secs(2));
        assert_eq!(poll(tried(1), 9), None);
        clock::advance(Duration::from_secs(2));
        assert_eq!((poll(tried(1), 9), READS.load(SeqCst)), (Some(1), 3));
    }
}
