//! `async fn`s with an engine: dropped at each await, nested, spawned, handed over.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    borrow::Cow,
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
};

use hooked::{Hooks, Keeps, QUIET, hooked};
use memo_runtime::memoize;
use tokio::{runtime::Builder, task::yield_now};
use watchdog::watched;

/// Runs a future to its end with two threads, or fails.
fn run<T: Send + 'static>(name: &str, future: impl Future<Output = T> + Send + 'static) -> T {
    watched(name, || {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
        runtime.block_on(async { tokio::spawn(future).await.expect("it does not panic") })
    })
}

/// Polls so many times, and drops it. Says whether it was ready.
fn poll_and_drop<F: Future>(future: F, times: usize) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).any(|_| matches!(future.as_mut().poll(&mut context), Poll::Ready(_)))
}

static BODIES: AtomicUsize = AtomicUsize::new(0);

#[memoize(engine = moka::sync::Cache::new(100), single_flight, stats)]
async fn flying(key: &str) -> String {
    for _ in 0..3 {
        yield_now().await;
    }
    BODIES.fetch_add(1, SeqCst);
    key.to_uppercase()
}

#[memoize(engine = hooked(QUIET))]
async fn plain(key: &str) -> String {
    for _ in 0..3 {
        yield_now().await;
    }
    flying(key).await + "!"
}

#[test]
fn what_is_dropped_at_any_await_stores_nothing() {
    run("what_is_dropped_at_any_await_stores_nothing", async {
        for times in 0..4 {
            let key = format!("dropped {times}");
            assert!(!poll_and_drop(flying(&key), times));
            assert!(!poll_and_drop(plain(&key), times));
            assert!(!flying_cache().contains((&key,)));
            assert!(!plain_cache().contains((&key,)));
            assert_eq!(plain(&key).await, key.to_uppercase() + "!");
            assert_eq!(plain_cache().peek((&key,)).expect("it is there"), key.to_uppercase() + "!");
        }
    });
}

#[test]
fn a_dropped_leader_hands_over() {
    run("a_dropped_leader_hands_over", async {
        for round in 0..50 {
            let key = format!("leader {round}");
            let mut leader = Box::pin(flying(&key));
            assert!(leader.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            let waiters = [(); 3].map(|()| {
                let key = key.clone();
                tokio::spawn(async move { flying(&key).await })
            });
            yield_now().await;
            drop(leader);
            for waiter in waiters {
                assert_eq!(waiter.await.expect("it is computed"), key.to_uppercase());
            }
        }
    });
}

#[test]
fn one_body_for_many_tasks_also_if_the_engine_forgets_at_once() {
    static ONCE: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), single_flight)]
    async fn forgotten(n: u64) -> usize {
        while !GO.load(SeqCst) {
            yield_now().await;
        }
        ONCE.fetch_add(1, SeqCst) + n as usize
    }
    static GO: AtomicBool = AtomicBool::new(false);

    run("one_body_for_many_tasks_also_if_the_engine_forgets_at_once", async {
        // On one task, so that all wait before the first is done.
        let mut all: Vec<_> = (0..4).map(|_| Box::pin(forgotten(0))).collect();
        for future in &mut all {
            assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        GO.store(true, SeqCst);
        for future in all {
            assert_eq!(future.await, 0);
        }
        assert_eq!(ONCE.load(SeqCst), 1);
    });
}

#[test]
fn what_is_forgotten_between_awaits_is_not_kept() {
    #[memoize(engine = quick_cache::sync::Cache::new(10), ttl = "1h")]
    async fn cleared(n: u64) -> u64 {
        yield_now().await;
        match n {
            0 => cleared_cache().clear(),
            1 => _ = cleared_cache().remove((1,)),
            2 => cleared_cache().insert((2,), 20),
            _ => {}
        }
        yield_now().await;
        n
    }
    run("what_is_forgotten_between_awaits_is_not_kept", async {
        for n in 0..4 {
            cleared(n).await;
        }
        let kept = [0, 1, 2, 3].map(|n| cleared_cache().peek((n,)));
        assert_eq!(kept, [None, None, Some(20), Some(3)]);
    });
}

#[test]
fn recursion_and_a_panic_in_a_task() {
    static PANICS: AtomicBool = AtomicBool::new(true);

    #[memoize(engine = moka::sync::Cache::new(1000), single_flight)]
    async fn steps(n: u64) -> u64 {
        if n < 2 {
            assert!(!PANICS.swap(false, SeqCst), "on purpose");
            return n;
        }
        Box::pin(steps(n - 1)).await + Box::pin(steps(n - 2)).await
    }
    run("recursion_and_a_panic_in_a_task", async {
        assert!(tokio::spawn(steps(20)).await.is_err());
        assert_eq!(steps(20).await, 6765);
    });
}

mod as_people_write_it {
    use super::*;

    #[async_trait::async_trait]
    trait Source: Send + Sync {
        async fn load(&self, path: &str) -> Result<Arc<[u8]>, std::io::Error>;
    }

    struct Disk {
        root: String,
    }

    #[async_trait::async_trait]
    impl Source for Disk {
        async fn load(&self, path: &str) -> Result<Arc<[u8]>, std::io::Error> {
            Disk::read(&self.root, path).await
        }
    }

    #[memoize]
    impl Disk {
        #[memoize(engine = moka::sync::Cache::builder().max_capacity(8).build(), single_flight)]
        async fn read(root: &str, path: &str) -> Result<Arc<[u8]>, std::io::Error> {
            yield_now().await;
            if path.is_empty() {
                return Err(std::io::ErrorKind::NotFound.into());
            }
            Ok(format!("{root}/{path}").into_bytes().into())
        }

        #[memoize(scope = "type", engine = quick_cache::sync::Cache::new(8), reads(root: String))]
        async fn title(&self, of: Cow<'static, str>) -> Cow<'static, str> {
            yield_now().await;
            format!("{}: {of}", self.root).into()
        }
    }

    #[test]
    fn a_source_behind_a_trait_object() {
        run("a_source_behind_a_trait_object", async {
            let source: Box<dyn Source> = Box::new(Disk { root: "a".into() });
            let first = source.load("b").await.expect("it is there");
            assert!(Arc::ptr_eq(&first, &source.load("b").await.expect("it is there")));
            assert!(source.load("").await.is_err());
            assert_eq!(&*first, b"a/b");
            let [one, two] = ["x", "y"].map(|root| Disk { root: root.into() });
            assert_eq!(one.title("t".into()).await, "x: t");
            assert_eq!(two.title(Cow::Owned("t".into())).await, "y: t");
            let (left, right) = tokio::join!(one.title("u".into()), one.title("u".into()));
            assert_eq!(left, right);
            assert!(Disk::title_cache().contains(("x".to_owned(), "u".into())));
        });
    }

    #[test]
    fn blocking_callers_and_tasks_share() {
        watched("blocking_callers_and_tasks_share", || {
            let runtime = Builder::new_current_thread().build().expect("a runtime");
            let held = AssertUnwindSafe(&runtime);
            assert_eq!(held.block_on(plain("s")), "S!");
            assert_eq!(plain_cache().peek(("s",)).as_deref(), Some("S!"));
        });
    }
}

/// An engine that runs a future, whose leader needs the lock that is held meanwhile.
mod futures_in_an_engine {
    use super::*;
    use std::{
        cell::Cell,
        hash::{Hash, Hasher},
        sync::Barrier,
        thread,
    };

    static STEP: Barrier = Barrier::new(2);

    /// All have one lock.
    #[derive(Clone, PartialEq, Eq)]
    struct Key(u64);
    impl Hash for Key {
        fn hash<H: Hasher>(&self, _state: &mut H) {}
    }

    /// Runs a future; calls `first` after it was polled once.
    fn run<F: Future>(future: F, first: fn()) -> F::Output {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        let mut polls = 0;
        loop {
            let polled = future.as_mut().poll(&mut context);
            if polls == 0 {
                first();
            }
            polls += 1;
            match polled {
                Poll::Ready(result) => return result,
                Poll::Pending => thread::yield_now(),
            }
        }
    }

    fn ask_the_leader() {
        if IS_STORING.replace(false) {
            assert_eq!(run(flown(Key(2)), || _ = STEP.wait()), 2);
        }
    }

    thread_local! {
        static IS_STORING: Cell<bool> = const { Cell::new(false) };
        static IS_LEADER: Cell<bool> = const { Cell::new(false) };
    }

    #[memoize(engine = hooked(Hooks { insert: ask_the_leader, ..QUIET }), single_flight)]
    async fn flown(key: Key) -> u64 {
        if key.0 == 2 && IS_LEADER.replace(false) {
            STEP.wait();
            STEP.wait();
        }
        yield_now().await;
        key.0
    }

    #[test]
    fn do_not_wait_in_a_circle() {
        watched("do_not_wait_in_a_circle", || {
            thread::scope(|scope| {
                scope.spawn(|| {
                    IS_LEADER.set(true);
                    assert_eq!(run(flown(Key(2)), || ()), 2);
                });
                STEP.wait(); // the leader's body has begun
                IS_STORING.set(true);
                assert_eq!(run(flown(Key(1)), || ()), 1);
            });
        });
    }
}
