//! An `async fn` is memoized like any other, on any runtime, and a dropped future leaves nothing behind.

#![allow(clippy::items_after_statements, reason = "items stand where they are needed")]

use memo_runtime::memoize;
use std::{
    cell::Cell,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};
use tokio::{sync::Notify, task::yield_now};

/// The simplest executor: polls when it is woken, and sleeps in between.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return result;
        }
        thread::park();
    }
}

/// Polls once; whether it is ready.
fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Pending once, on any executor.
async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|context| {
        if paused {
            return Poll::Ready(());
        }
        paused = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

const fn is_send<T: Send>(future: T) -> T {
    future
}

#[derive(Debug, PartialEq)]
struct NotFound(String);

trait Fetch {
    type Item;
    fn fetch(&self, id: u32) -> impl Future<Output = Self::Item> + Send;
    fn version(n: u32) -> impl Future<Output = u32> + Send;
}

trait Look {
    #[allow(async_fn_in_trait)]
    async fn look(&self, name: &str) -> Option<u32>;
}

#[memoize(blocks("fetch", "look"))]
#[derive(Default)]
struct Client {
    base: u32,
    #[memoize(untracked)]
    runs: AtomicU32,
}

#[memoize]
impl Client {
    fn ran(&self) {
        self.runs.fetch_add(1, Relaxed);
    }

    #[memoize(stats)]
    async fn get(&self, path: &str, range: Option<&[f64]>) -> String {
        self.ran();
        pause().await;
        format!("{path} {:?} {}", range, self.base)
    }
    #[memoize(capacity = 2, stats)]
    async fn bounded(&self, n: u32) -> u32 {
        self.ran();
        pause().await;
        self.base + n
    }
    #[memoize]
    async fn checked(&self, name: &str) -> Result<u32, NotFound> {
        self.ran();
        pause().await;
        let length = u32::try_from(name.len()).map_err(|_| NotFound(String::new()))?;
        if length == 0 {
            return Err(NotFound(name.to_owned()));
        }
        Ok(self.base + length)
    }
    #[memoize]
    async fn shared(self: Arc<Self>, n: u32) -> u32 {
        self.ran();
        pause().await;
        self.base + n
    }
    #[memoize]
    async fn of_arc(self: &Arc<Self>, n: u32) -> u32 {
        self.ran();
        pause().await;
        Arc::clone(self).shared(n).await + 1
    }
    #[memoize]
    async fn once(&self) -> u32 {
        self.ran();
        pause().await;
        self.base
    }
    #[memoize(returns = "ref")]
    async fn kept(&self, n: u32) -> Vec<u32> {
        self.ran();
        pause().await;
        vec![self.base; n as usize]
    }
    #[memoize(returns = "ref")]
    async fn kept_ok(&self, n: u32) -> Result<Vec<u32>, NotFound> {
        self.ran();
        pause().await;
        if n == 0 { Err(NotFound("zero".to_owned())) } else { Ok(vec![self.base; n as usize]) }
    }
    #[memoize(scope = "type", capacity = 8)]
    async fn sum((a, b): (u32, u32), mut list: Vec<u32>, _: &str) -> u32 {
        pause().await;
        list.push(a + b);
        list.into_iter().sum()
    }
    #[memoize(scope = "type", unbounded, reads(base: u32))]
    async fn of_base(&self, text: &str, n: u32) -> String {
        pause().await;
        format!("{} {text} {n}", self.base)
    }
    #[memoize(skip(log), cache_if = |n| *n > 10)]
    async fn logged(&self, log: &Cell<u32>, n: u32) -> u32 {
        log.set(log.get() + 1);
        n
    }
    #[memoize(key(id: usize = list.len()))]
    async fn keyed(&self, list: &[Cell<u32>]) -> u32 {
        self.ran();
        pause().await;
        list.iter().map(Cell::get).sum()
    }
    #[memoize]
    async fn fibonacci(&self, n: u32) -> u64 {
        self.ran();
        pause().await;
        if n < 2 {
            return n.into();
        }
        Box::pin(self.fibonacci(n - 1)).await + Box::pin(self.fibonacci(n - 2)).await
    }
    async fn set(&mut self, base: u32) -> u32 {
        let before = self.once().await;
        self.base = base;
        pause().await;
        assert_eq!(self.once().await, base);
        before
    }
}

#[memoize(block = "fetch")]
impl Fetch for Client {
    type Item = String;
    #[memoize(capacity = 4)]
    async fn fetch(&self, id: u32) -> Self::Item {
        self.runs.fetch_add(1, Relaxed);
        pause().await;
        id.to_string()
    }
    #[memoize(scope = "type", unbounded)]
    async fn version(n: u32) -> u32 {
        pause().await;
        n
    }
}

#[memoize(block = "look")]
impl Look for Client {
    #[memoize]
    async fn look(&self, name: &str) -> Option<u32> {
        self.runs.fetch_add(1, Relaxed);
        pause().await;
        name.parse().ok()
    }
}

#[memoize(unbounded)]
async fn free(text: &str) -> usize {
    pause().await;
    text.len()
}

#[memoize]
async fn free_once() -> Result<u32, NotFound> {
    pause().await;
    Ok(7)
}

/// Calls everything twice.
async fn tour(client: Arc<Client>) {
    client.runs.store(0, Relaxed);
    for round in 1..=2 {
        assert_eq!(client.get("a", Some(&[1.0, f64::NAN])).await, "a Some([1.0, NaN]) 10");
        assert_eq!(client.bounded(1).await, 11);
        assert_eq!(client.checked("abc").await, Ok(13));
        assert_eq!(client.of_arc(1).await, 12);
        assert_eq!(Arc::clone(&client).shared(1).await, 11);
        assert_eq!(client.once().await, 10);
        assert_eq!(client.kept(2).await, &[10, 10]);
        assert_eq!(client.kept_ok(1).await, Ok(&vec![10]));
        assert_eq!(client.fibonacci(20).await, 6765);
        assert_eq!(client.fetch(5).await, "5");
        assert_eq!(client.look("12").await, Some(12));
        assert_eq!(client.look("").await, None);
        assert_eq!(Client::sum((1, 2), vec![3], "any").await, 6);
        assert_eq!(client.of_base("a", 1).await, "10 a 1");
        assert_eq!(<Client as Fetch>::version(3).await, 3);
        assert_eq!((free("abc").await, free_once().await), (3, Ok(7)));
        assert_eq!(client.runs.load(Relaxed), 32, "round {round}");
    }
    assert_eq!(client.checked("").await, Err(NotFound(String::new())));
    assert_eq!(client.kept_ok(0).await, Err(NotFound("zero".to_owned())));
    assert_eq!(client.kept_ok(0).await, Err(NotFound("zero".to_owned())));
    assert_eq!(client.runs.load(Relaxed), 35);
    let (one, again) = (client.kept(2).await, client.kept(2).await);
    assert!(std::ptr::eq(one, again));
    assert!(client.get_cache().contains(("a", Some(&[1.0, f64::NAN]))));
    assert_eq!(client.checked_cache().peek(("abc",)), Some(13));
    let info = client.get_cache().info().to_string();
    assert_eq!(info, "hits=1 misses=1 evictions=0 len=1 capacity=unbounded");
    assert!(Client::sum_cache().contains(((1, 2), vec![3])));
    assert!(Client::of_base_cache().contains((10, "a", 1)));
}

fn client() -> Arc<Client> {
    Arc::new(Client { base: 10, ..Client::default() })
}

#[test]
fn a_bare_executor_will_do() {
    block_on(tour(client()));
}

#[tokio::test]
async fn tokio_s_current_thread_runtime_will_do() {
    tour(client()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokio_s_multi_thread_runtime_will_do() {
    let tours: Vec<_> = (0..8).map(|_| tokio::spawn(tour(client()))).collect();
    for tour in tours {
        tour.await.unwrap();
    }
}

#[test]
fn futures_are_send_where_the_body_s_is() {
    let client = client();
    drop(is_send(client.get("a", None)));
    drop(is_send(client.bounded(1)));
    drop(is_send(client.checked("a")));
    drop(is_send(Arc::clone(&client).shared(1)));
    drop(is_send(client.of_arc(1)));
    drop(is_send(client.once()));
    drop(is_send(client.kept(1)));
    drop(is_send(client.kept_ok(1)));
    drop(is_send(client.fetch(1)));
    drop(is_send(client.look("a")));
    drop(is_send(Client::sum((1, 2), vec![], "")));
    drop(is_send(client.of_base("a", 1)));
    drop(is_send(free("a")));
    drop(is_send(free_once()));
    // None was polled.
    assert_eq!(client.runs.load(Relaxed), 0);
    assert!(client.get_cache().is_empty());
}

#[test]
fn bodies_may_hold_what_is_not_send() {
    let client = client();
    let log = Cell::new(0);
    for n in [1, 1, 11, 11] {
        assert_eq!(block_on(client.logged(&log, n)), n);
    }
    assert_eq!(log.get(), 3);
    for _ in 0..2 {
        assert_eq!(block_on(client.keyed(&[Cell::new(1), Cell::new(2)])), 3);
    }
    assert_eq!(client.runs.load(Relaxed), 1);
}

#[test]
fn a_capacity_holds() {
    let client = client();
    block_on(async {
        for n in [1, 2, 1, 3, 1, 2] {
            assert_eq!(client.bounded(n).await, 10 + n);
        }
    });
    let info = client.bounded_cache().info().to_string();
    assert_eq!(info, "hits=2 misses=4 evictions=2 len=2 capacity=2");
}

#[test]
fn a_future_dropped_halfway_leaves_nothing_behind() {
    /// Counts how many of it are alive.
    struct Counted<'a>(&'a AtomicU32);
    impl<'a> Counted<'a> {
        fn new(alive: &'a AtomicU32) -> Self {
            alive.fetch_add(1, Relaxed);
            Self(alive)
        }
    }
    impl Clone for Counted<'_> {
        fn clone(&self) -> Self {
            Self::new(self.0)
        }
    }
    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Relaxed);
        }
    }
    #[memoize]
    #[derive(Default)]
    struct Halfway {}
    #[memoize]
    impl Halfway {
        #[memoize(skip(alive))]
        async fn map(&self, key: String, alive: &'static AtomicU32) -> Counted<'static> {
            let counted = Counted::new(alive);
            pause().await;
            drop(key);
            counted
        }
        #[memoize(capacity = 2, skip(alive))]
        async fn lru(&self, key: &str, alive: &'static AtomicU32) -> Counted<'static> {
            let counted = Counted::new(alive);
            pause().await;
            assert!(!key.is_empty());
            counted
        }
        #[memoize(skip(alive), returns = "ref")]
        async fn kept(&self, key: u32, alive: &'static AtomicU32) -> Counted<'static> {
            let counted = Counted::new(alive);
            pause().await;
            let _ = key;
            counted
        }
        #[memoize(skip(alive), stats)]
        async fn once(&self, alive: &'static AtomicU32) -> Counted<'static> {
            let counted = Counted::new(alive);
            pause().await;
            counted
        }
    }
    static ALIVE: AtomicU32 = AtomicU32::new(0);
    let halfway = Halfway::default();
    for _ in 0..3 {
        {
            let mut map = pin!(halfway.map("key".to_owned(), &ALIVE));
            let mut lru = pin!(halfway.lru("key", &ALIVE));
            let mut kept = pin!(halfway.kept(1, &ALIVE));
            let mut once = pin!(halfway.once(&ALIVE));
            assert!(poll_once(map.as_mut()).is_pending());
            assert!(poll_once(lru.as_mut()).is_pending());
            assert!(poll_once(kept.as_mut()).is_pending());
            assert!(poll_once(once.as_mut()).is_pending());
            assert_eq!(ALIVE.load(Relaxed), 4);
        }
        assert_eq!(ALIVE.load(Relaxed), 0);
        let lengths =
            (halfway.map_cache().len(), halfway.lru_cache().len(), halfway.once_cache().len());
        assert_eq!((lengths, halfway.kept_cache().len()), ((0, 0, 0), 0));
    }
    // The next call computes, and its result is kept.
    for _ in 0..2 {
        block_on(halfway.map("key".to_owned(), &ALIVE));
        block_on(halfway.lru("key", &ALIVE));
        block_on(halfway.kept(1, &ALIVE));
        block_on(halfway.once(&ALIVE));
        assert_eq!(ALIVE.load(Relaxed), 4);
    }
    assert_eq!(halfway.once_cache().info().misses, Some(4));
    drop(halfway);
    assert_eq!(ALIVE.load(Relaxed), 0);
}

#[test]
fn two_misses_at_once_keep_one_result() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[memoize]
    #[derive(Default)]
    struct Racer {}
    #[memoize]
    impl Racer {
        #[memoize]
        async fn map(&self, n: u32) -> u32 {
            let run = RUNS.fetch_add(1, Relaxed);
            pause().await;
            n + run
        }
        #[memoize(capacity = 2)]
        async fn lru(&self, n: u32) -> u32 {
            let run = RUNS.fetch_add(1, Relaxed);
            pause().await;
            n + run
        }
        #[memoize]
        async fn once(&self) -> u32 {
            let run = RUNS.fetch_add(1, Relaxed);
            pause().await;
            run
        }
        #[memoize(returns = "ref")]
        async fn kept(&self, n: u32) -> u32 {
            let run = RUNS.fetch_add(1, Relaxed);
            pause().await;
            n + run
        }
        #[memoize(unsync)]
        async fn local(&self, n: u32) -> u32 {
            let run = RUNS.fetch_add(1, Relaxed);
            pause().await;
            n + run
        }
    }
    async fn race<F: Future<Output = u32>>(call: impl Fn() -> F) {
        RUNS.store(0, Relaxed);
        let (one, other) = tokio::join!(call(), call());
        assert_eq!(RUNS.load(Relaxed), 2);
        assert_eq!((one, other), (other, call().await));
    }
    let racer = Racer::default();
    block_on(async {
        race(|| racer.map(0)).await;
        race(|| racer.lru(0)).await;
        race(|| racer.once()).await;
        race(|| racer.local(0)).await;
        race(|| async { *racer.kept(0).await }).await;
    });
}

#[test]
fn what_is_cleared_during_an_await_is_not_stored() {
    let client = client();
    block_on(async {
        let mut get = pin!(client.get("a", None));
        let mut other = pin!(client.get("b", None));
        let mut bounded = pin!(client.bounded(1));
        let mut once = pin!(client.once());
        let mut free = pin!(free("cleared"));
        assert!(poll_once(get.as_mut()).is_pending());
        assert!(poll_once(other.as_mut()).is_pending());
        assert!(poll_once(bounded.as_mut()).is_pending());
        assert!(poll_once(once.as_mut()).is_pending());
        assert!(poll_once(free.as_mut()).is_pending());
        assert!(!client.get_cache().remove(("a", None)));
        client.bounded_cache().clear();
        client.once_cache().clear();
        assert!(!free_cache().remove(("cleared",)));
        assert_eq!((get.await, other.await), ("a None 10".into(), "b None 10".into()));
        assert_eq!((bounded.await, once.await, free.await), (11, 10, 7));
    });
    assert!(!client.get_cache().contains(("a", None)));
    assert!(client.get_cache().contains(("b", None)), "only what was removed is not stored");
    assert_eq!((client.bounded_cache().len(), client.once_cache().len()), (0, 0));
    assert!(!free_cache().contains(("cleared",)));
}

#[test]
fn a_mutation_is_seen_across_awaits() {
    let mut client = Client { base: 1, ..Client::default() };
    assert_eq!(block_on(client.once()), 1);
    assert_eq!(block_on(client.set(2)), 1);
    assert_eq!(block_on(client.once()), 2);
    {
        let mut set = pin!(client.set(3));
        // Its first call of `once` is pending; the second poll changes the field.
        assert!(poll_once(set.as_mut()).is_pending());
        assert!(poll_once(set.as_mut()).is_pending());
    }
    assert_eq!(block_on(client.once()), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lock_is_held_across_an_await() {
    #[memoize]
    #[derive(Default)]
    struct Waiter {
        #[memoize(untracked)]
        gate: Arc<Notify>,
    }
    #[memoize]
    impl Waiter {
        #[memoize(capacity = 4)]
        async fn wait(&self, n: u32) -> u32 {
            if n == 0 {
                self.gate.notified().await;
            }
            yield_now().await;
            n
        }
    }
    let waiter = Arc::new(Waiter::default());
    let waiting = tokio::spawn({
        let waiter = Arc::clone(&waiter);
        async move { waiter.wait(0).await }
    });
    yield_now().await;
    // The call above is in its body, or will be; these go on.
    for n in 1..=4 {
        assert_eq!(waiter.wait(n).await, n);
    }
    assert_eq!(waiter.wait_cache().len(), 4);
    waiter.gate.notify_one();
    assert_eq!(waiting.await.unwrap(), 0);
    assert!(waiter.wait_cache().contains((0,)));
}

#[test]
fn recursion_is_memoized() {
    let client = client();
    assert_eq!(block_on(client.fibonacci(40)), 102_334_155);
    assert_eq!(client.runs.load(Relaxed), 41);
    #[memoize(unbounded)]
    async fn triangle(n: u64) -> u64 {
        if n == 0 { 0 } else { n + Box::pin(triangle(n - 1)).await }
    }
    assert_eq!(block_on(triangle(100)), 5050);
    assert_eq!(triangle_cache().len(), 101);
}
