//! Of several results of a key, one is kept, and every later call returns it: what a call was answered by that ran no body is not replaced by
//! what others compute in this process, however long storing takes.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use memo_runtime::{AsyncByteStore, BoxError, ByteStore, MemoryStore, Region, memoize};
use watchdog::watched;

/// A store that takes longer for some writings than for others.
#[derive(Default)]
struct Slow {
    inner: MemoryStore,
    writings: AtomicUsize,
}
impl Slow {
    fn steps(&self) -> usize {
        self.writings.fetch_add(1, SeqCst) * 5 % 8
    }
}
impl ByteStore for Slow {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        thread::yield_now();
        ByteStore::get(&self.inner, key)
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        (0..self.steps()).for_each(|_| thread::yield_now());
        ByteStore::set(&self.inner, key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}
impl AsyncByteStore for Slow {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        tokio::task::yield_now().await;
        ByteStore::get(&self.inner, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        for _ in 0..self.steps() {
            tokio::task::yield_now().await;
        }
        ByteStore::set(&self.inner, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}
static SLOW: LazyLock<Region<Slow>> = LazyLock::new(|| Region::new("kept", Slow::default()));

/// A number that no other body returns.
fn unique() -> u64 {
    static BODIES: AtomicU64 = AtomicU64::new(1);
    BODIES.fetch_add(1, SeqCst)
}

#[memoize(store = &SLOW, unbounded, skip(runs))]
fn blocking(_round: usize, runs: &AtomicBool) -> u64 {
    runs.store(true, SeqCst);
    thread::yield_now();
    unique()
}
#[memoize(store = &SLOW, unbounded, skip(runs))]
async fn awaited(_round: usize, runs: &AtomicBool) -> u64 {
    runs.store(true, SeqCst);
    tokio::task::yield_now().await;
    unique()
}

/// What was served without a body before a call is what the call returns.
fn note(before: u64, got: u64, ran: bool, served: &AtomicU64) {
    assert!(before == 0 || got == before, "{before} was served, and then {got}");
    if !ran {
        served.store(got, SeqCst);
    }
}

#[test]
fn what_was_served_to_threads_is_not_replaced() {
    watched("what_was_served_to_threads_is_not_replaced", || {
        for round in 0..400 {
            let served = AtomicU64::new(0);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..4 {
                            let before = served.load(SeqCst);
                            let runs = AtomicBool::new(false);
                            let got = blocking(round, &runs);
                            note(before, got, runs.into_inner(), &served);
                        }
                    });
                }
            });
        }
    });
}

#[test]
fn what_was_served_to_tasks_is_not_replaced() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build().unwrap();
    let task = |round: usize, served: Arc<AtomicU64>| async move {
        for _ in 0..4 {
            let before = served.load(SeqCst);
            let runs = AtomicBool::new(false);
            let got = awaited(round, &runs).await;
            note(before, got, runs.into_inner(), &served);
        }
    };
    for round in 0..400 {
        let served = Arc::default();
        let tasks = [(); 4].map(|()| runtime.spawn(task(round, Arc::clone(&served))));
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
    }
}

/// A store of which each writing waits for a word.
#[derive(Default)]
struct Held {
    inner: MemoryStore,
    writings: AtomicUsize,
    let_go: AtomicBool,
    fails: AtomicBool,
}
impl AsyncByteStore for Held {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        ByteStore::get(&self.inner, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.writings.fetch_add(1, SeqCst);
        while !self.let_go.load(SeqCst) {
            tokio::task::yield_now().await;
        }
        if self.fails.load(SeqCst) {
            return Err("full".into());
        }
        ByteStore::set(&self.inner, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}

fn polled<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    polled(pin!(future))
}

/// Of two calls that have begun, one is being stored: how that ends, says `end`. How many writings there are when it has ended and the other
/// has come to its end, and one more call.
fn writings(
    store: &Held,
    call: impl Fn() -> Pin<Box<dyn Future<Output = u64>>>,
    held: &AtomicBool,
    end: impl FnOnce(Pin<Box<dyn Future<Output = u64>>>),
) -> usize {
    // It has looked, and its body waits.
    held.store(true, SeqCst);
    let mut slow = call();
    assert_eq!(polled(slow.as_mut()), None);
    held.store(false, SeqCst);
    let mut first = call();
    assert_eq!((polled(first.as_mut()), store.writings.load(SeqCst)), (None, 1));
    // Others have their own results, and do not wait.
    let (second, third) = (at_once(call()).unwrap(), at_once(call()).unwrap());
    assert!(second != third && store.writings.load(SeqCst) == 1);
    // And one that begins meanwhile, but comes to its end after it.
    held.store(true, SeqCst);
    let mut meanwhile = call();
    assert_eq!(polled(meanwhile.as_mut()), None);
    store.let_go.store(true, SeqCst);
    end(first);
    store.fails.store(false, SeqCst);
    held.store(false, SeqCst);
    for mut other in [slow, meanwhile] {
        assert!(polled(other.as_mut()).is_some());
    }
    assert_eq!(store.writings.load(SeqCst), 1);
    // One that begins now is kept.
    let kept = at_once(call()).unwrap();
    assert_eq!(at_once(call()), Some(kept));
    store.writings.load(SeqCst)
}

macro_rules! one_at_a_time {
    ($($test:ident: $end:expr => $writings:expr;)+) => { $(
        #[test]
        fn $test() {
            static HELD: LazyLock<Region<Held>> = LazyLock::new(|| {
                Region::new(stringify!($test), Held::default()).retry_after(Duration::ZERO)
            });
            static BODY: AtomicBool = AtomicBool::new(false);
            #[memoize(store = &HELD, unbounded)]
            async fn number() -> u64 {
                while BODY.load(SeqCst) {
                    tokio::task::yield_now().await;
                }
                unique()
            }
            let end: fn(&Held, Pin<Box<dyn Future<Output = u64>>>) = $end;
            let end = |first: Pin<Box<dyn Future<Output = u64>>>| end(HELD.store(), first);
            assert_eq!(writings(HELD.store(), || Box::pin(number()), &BODY, end), $writings);
        }
    )+ };
}
one_at_a_time! {
    the_first_is_kept: |_, mut first| assert!(polled(first.as_mut()).is_some()) => 1;
    after_one_that_was_dropped_a_later_one_is: |_, first| drop(first) => 2;
    after_one_that_failed_a_later_one_is: |store, mut first| {
        store.fails.store(true, SeqCst);
        assert!(polled(first.as_mut()).is_some());
    } => 2;
}
