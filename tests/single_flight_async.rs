//! `single_flight` of `async` methods: tasks wait, stop waiting, and take over.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use memo_runtime::memoize;
use watchdog::watched;

const TASKS: usize = 10;

/// Lets others run before it goes on.
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

#[memoize]
struct Service {
    #[memoize(untracked)]
    bodies: AtomicUsize,
}

#[memoize]
impl Service {
    fn new() -> Self {
        Self { bodies: AtomicUsize::new(0) }
    }
    fn count(&self) -> usize {
        self.bodies.swap(0, SeqCst)
    }

    #[memoize(single_flight, stats)]
    async fn map(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        pause().await;
        pause().await;
        n * 2
    }
    #[memoize(single_flight, capacity = 1)]
    async fn lru(&self, n: &str) -> String {
        self.bodies.fetch_add(1, SeqCst);
        pause().await;
        n.to_owned()
    }
    #[memoize(single_flight, capacity = 1, policy = "sieve")]
    async fn sieve(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        pause().await;
        n
    }
    #[memoize(single_flight)]
    async fn once(&self) -> String {
        self.bodies.fetch_add(1, SeqCst);
        pause().await;
        "once".into()
    }
    #[memoize(single_flight, returns = "ref")]
    async fn kept(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        pause().await;
        n
    }
    #[memoize(single_flight)]
    async fn third_is_ok(&self, n: u64) -> Result<u64, usize> {
        let before = self.bodies.fetch_add(1, SeqCst);
        pause().await;
        if before < 3 { Err(before) } else { Ok(n) }
    }
    #[memoize(single_flight)]
    async fn third_does_not_panic(&self, n: u64) -> u64 {
        let before = self.bodies.fetch_add(1, SeqCst);
        pause().await;
        assert!(before >= 3, "on purpose");
        n
    }
    #[memoize(single_flight)]
    async fn triangle(&self, n: u64) -> u64 {
        if n == 0 { 0 } else { n + Box::pin(self.triangle(n - 1)).await }
    }
    #[memoize(single_flight)]
    async fn own(&self, n: u64) -> u64 {
        pause().await;
        Box::pin(self.own(n)).await
    }
    #[memoize(single_flight)]
    async fn rate(&self, n: u64) -> u64 {
        pause().await;
        self.spread(n).await
    }
    #[memoize(single_flight)]
    async fn spread(&self, n: u64) -> u64 {
        pause().await;
        self.rate_of(n).await
    }
    fn rate_of(&self, n: u64) -> Pin<Box<dyn Future<Output = u64> + Send + '_>> {
        Box::pin(self.rate(n))
    }
    fn other_of(&self, n: u64) -> Pin<Box<dyn Future<Output = u64> + Send + '_>> {
        Box::pin(self.crossed(1 - n))
    }
    /// Asks for the other one's result once both run.
    #[memoize(single_flight)]
    async fn crossed(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        while self.bodies.load(SeqCst) < 2 {
            pause().await;
        }
        self.other_of(n).await
    }
    /// Two parts of one body wait for one result, without a circle.
    #[memoize(single_flight)]
    async fn both(&self, n: u64) -> u64 {
        let (first, second) = tokio::join!(self.map(n), self.map(n));
        first + second
    }
}

#[memoize(single_flight, unbounded)]
async fn free(n: u64) -> u64 {
    pause().await;
    n + 1
}

const WHY: &str = "; a `single_flight` method must not ask for the key that it is computing";

fn panic_of<R>(run: impl FnOnce() -> R) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
}

/// Counts wake-ups.
#[derive(Default)]
struct Woken(AtomicUsize);
impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A future that is polled by hand.
struct Task<'a, R> {
    future: Option<Pin<Box<dyn Future<Output = R> + 'a>>>,
    woken: Arc<Woken>,
}
impl<'a, R> Task<'a, R> {
    fn new(future: impl Future<Output = R> + 'a) -> Self {
        Self { future: Some(Box::pin(future)), woken: Arc::default() }
    }
    fn poll(&mut self) -> Option<R> {
        self.woken.0.store(0, SeqCst);
        let waker = Waker::from(Arc::clone(&self.woken));
        let future = self.future.as_mut().expect("it has not been dropped");
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => {
                self.future = None;
                Some(result)
            }
            Poll::Pending => None,
        }
    }
    fn is_woken(&self) -> bool {
        self.woken.0.load(SeqCst) > 0
    }
    fn finish(&mut self) -> R {
        loop {
            if let Some(result) = self.poll() {
                return result;
            }
            assert!(self.is_woken(), "nobody will wake it");
        }
    }
}

#[test]
fn tasks_of_many_threads_compute_each_key_once() {
    watched("tokio", || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
        runtime.expect("a runtime").block_on(async {
            for n in 0..200_u64 {
                let service = Arc::new(Service::new());
                let mut tasks = Vec::new();
                for _ in 0..TASKS {
                    let service = Arc::clone(&service);
                    tasks.push(tokio::spawn(async move {
                        assert_eq!(service.map(n).await, n * 2);
                        assert_eq!(service.lru("text").await, "text");
                        assert_eq!(service.sieve(n).await, n);
                        assert_eq!(service.once().await, "once");
                        assert_eq!(*service.kept(n).await, n);
                        assert_eq!(service.triangle(10).await, 55);
                        assert_eq!(free(n).await, n + 1);
                    }));
                }
                for task in tasks {
                    task.await.expect("no panic");
                }
                assert_eq!(service.count(), 5);
                let info = service.map_cache().info();
                assert_eq!((info.misses, info.hits), (Some(1), Some(TASKS as u64 - 1)));
            }
        });
    });
}

#[test]
fn errors_and_panics_hand_over_to_one_task() {
    watched("hand over", || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
        runtime.expect("a runtime").block_on(async {
            for n in 0..50 {
                let service = Arc::new(Service::new());
                let tasks: Vec<_> = (0..TASKS)
                    .map(|_| {
                        let service = Arc::clone(&service);
                        tokio::spawn(async move { service.third_is_ok(n).await })
                    })
                    .collect();
                let mut errors = Vec::new();
                for task in tasks {
                    errors.extend(task.await.expect("no panic").err());
                }
                errors.sort_unstable();
                assert_eq!((errors, service.count()), (vec![0, 1, 2], 4));

                let tasks: Vec<_> = (0..TASKS)
                    .map(|_| {
                        let service = Arc::clone(&service);
                        tokio::spawn(async move { service.third_does_not_panic(n).await })
                    })
                    .collect();
                let mut panics = 0;
                for task in tasks {
                    panics += usize::from(task.await.is_err());
                }
                assert_eq!((panics, service.count()), (3, 4));
            }
        });
    });
}

#[test]
fn a_dropped_leader_hands_over_and_a_dropped_waiter_leaves_nothing() {
    watched("dropped", || {
        let service = Service::new();
        let [mut leader, mut gone, mut first, mut second] =
            [(); 4].map(|()| Task::new(service.map(1)));
        for task in [&mut leader, &mut gone, &mut first, &mut second] {
            assert_eq!(task.poll(), None);
        }
        assert_eq!(service.count(), 1);
        assert!(!first.is_woken() && !second.is_woken());
        // One that waits stops; nothing comes of it.
        gone.future = None;
        assert!(!first.is_woken());
        // The leader stops: all are woken, and the first to come leads.
        leader.future = None;
        assert!(first.is_woken() && second.is_woken() && !gone.is_woken());
        assert_eq!(first.poll(), None);
        assert_eq!(second.poll(), None);
        assert_eq!(service.count(), 1);
        assert!(!second.is_woken());
        // That one stops, too, when the other was woken already and has stopped: a third one leads.
        first.future = None;
        assert!(second.is_woken());
        second.future = None;
        assert_eq!(Task::new(service.map(1)).finish(), 2);
        assert_eq!(service.count(), 1);
    });
}

#[test]
fn the_value_is_handed_on_also_when_it_is_gone_from_the_cache() {
    watched("evicted", || {
        let service = Service::new();
        let [mut leader, mut waiter] = [(); 2].map(|()| Task::new(service.lru("a")));
        assert_eq!((leader.poll(), waiter.poll()), (None, None));
        assert_eq!(leader.finish(), "a");
        assert!(waiter.is_woken());
        // Evicted by another key.
        assert_eq!(Task::new(service.lru("b")).finish(), "b");
        assert_eq!(waiter.poll(), Some("a".into()));
        assert_eq!(service.count(), 2);
    });
}

#[test]
fn what_began_before_a_clearing_is_not_handed_on() {
    watched("clear", || {
        for forget in [
            |service: &Service| service.map_cache().clear(),
            |service: &Service| _ = service.map_cache().remove((1,)),
        ] {
            let service = Service::new();
            let mut leader = Task::new(service.map(1));
            assert_eq!(leader.poll(), None);
            forget(&service);
            let mut late = Task::new(service.map(1));
            assert_eq!(late.poll(), None);
            assert_eq!(service.count(), 1);
            assert_eq!(leader.finish(), 2);
            assert!(!service.map_cache().contains((1,)));
            assert!(late.is_woken());
            assert_eq!(late.finish(), 2);
            assert_eq!(service.count(), 1);
            assert!(service.map_cache().contains((1,)));
        }
    });
}

#[test]
fn a_value_cleared_before_its_flight_ends_is_not_handed_to_those_who_come_later() {
    // The waker of one that waits runs code when the flight has ended; by then a clearing may have come.
    watched("late clear", || {
        let service = Service::new();
        let [mut leader, mut waiter] = [(); 2].map(|()| Task::new(service.map(1)));
        assert_eq!((leader.poll(), waiter.poll()), (None, None));
        assert_eq!(leader.finish(), 2);
        service.map_cache().clear();
        let mut late = Task::new(service.map(1));
        assert_eq!(late.poll(), None);
        assert_eq!(service.count(), 2);
        // This one called before the clearing.
        assert_eq!(waiter.poll(), Some(2));
        assert_eq!(late.finish(), 2);
    });
}

#[test]
fn a_body_that_asks_for_its_own_key_panics() {
    watched("own key", || {
        let service = Service::new();
        for _ in 0..2 {
            assert_eq!(
                panic_of(|| Task::new(service.own(1)).finish()),
                Some(format!("Service::own needs its own result: own → own{WHY}"))
            );
            assert_eq!(
                panic_of(|| Task::new(service.rate(1)).finish()),
                Some(format!("Service::rate needs its own result: rate → spread → rate{WHY}"))
            );
        }
    });
}

#[test]
fn tasks_that_ask_for_each_other_panic() {
    watched("crossed", || {
        for _ in 0..50 {
            let service = Arc::new(Service::new());
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build();
            runtime.expect("a runtime").block_on(async {
                let [first, second] = [0, 1].map(|n| {
                    let service = Arc::clone(&service);
                    tokio::spawn(async move { service.crossed(n).await })
                });
                assert!(first.await.is_err());
                assert!(second.await.is_err());
            });
        }
        // By hand, in one thread.
        let service = Service::new();
        let [mut first, mut second] = [0, 1].map(|n| Task::new(service.crossed(n)));
        assert_eq!(first.poll(), None);
        assert_eq!(second.poll(), None);
        let message = panic_of(|| first.poll()).expect("a panic");
        assert!(message.starts_with("Service::crossed needs its own result: crossed → crossed → "));
        // The other takes over, and asks for its own key by the new body.
        assert!(second.is_woken());
        let message = panic_of(|| second.finish()).expect("a panic");
        assert!(message.starts_with("Service::crossed needs its own result: crossed → crossed → "));
    });
}

#[test]
fn parts_of_one_task_may_wait_for_each_other() {
    watched("join", || {
        let service = Service::new();
        assert_eq!(Task::new(service.both(4)).finish(), 16);
        assert_eq!(service.count(), 1);
        let pair = async { tokio::join!(service.map(5), service.map(5)) };
        assert_eq!(Task::new(pair).finish(), (10, 10));
        assert_eq!(service.count(), 1);
    });
}

#[test]
fn futures_are_as_send_as_their_bodies() {
    fn is_send<T: Send>(_: &T) {}
    let service = Service::new();
    is_send(&service.map(1));
    is_send(&service.lru("a"));
    is_send(&service.kept(1));
    is_send(&service.once());
    is_send(&free(1));
}

thread_local! {
    static NESTED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// A value whose `Clone` calls back.
struct Echo(u64);
impl Clone for Echo {
    fn clone(&self) -> Self {
        if let Some(n) = NESTED.with_borrow_mut(Vec::pop) {
            assert_eq!(Task::new(echo(n)).finish().0, n);
        }
        Self(self.0)
    }
}
#[memoize(single_flight, unbounded)]
async fn echo(n: u64) -> Echo {
    pause().await;
    Echo(n)
}

#[test]
fn a_clone_may_call_back() {
    watched("clone", || {
        NESTED.with_borrow_mut(|nested| nested.extend([1, 2, 1]));
        assert_eq!(Task::new(echo(1)).finish().0, 1);
        let mut again = pin!(echo(1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(again.as_mut().poll(&mut context).is_ready());
    });
}
