//! `single_flight` among many tasks: hot keys, time-outs, aborted tasks, dynamic programs, mutating methods, wakers that panic.

#[path = "support/watchdog.rs"]
mod watchdog;
use memo_runtime::memoize;
use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};
use watchdog::watched;

#[memoize]
struct Service {
    base: u64,
    #[memoize(untracked)]
    bodies: Arc<AtomicUsize>,
}
#[memoize]
impl Service {
    fn new() -> Self {
        Self { base: 1, bodies: Arc::default() }
    }
    #[memoize(single_flight)]
    async fn slow(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        n + self.base
    }
    #[memoize(single_flight, capacity = 1)]
    async fn tight(&self, n: u64) -> Result<u64, ()> {
        self.bodies.fetch_add(1, SeqCst);
        tokio::task::yield_now().await;
        if n % 7 == 3 { Err(()) } else { Ok(n + self.base) }
    }
    #[memoize(single_flight, returns = "ref")]
    async fn lent(&self, n: u64) -> String {
        self.bodies.fetch_add(1, SeqCst);
        tokio::task::yield_now().await;
        format!("{}", n + self.base)
    }
    #[memoize(single_flight)]
    async fn outer(&self, n: u64) -> u64 {
        let (a, b) = tokio::join!(self.slow(n), self.slow(n + 1));
        a + b
    }
    #[memoize(single_flight)]
    async fn dp(&self, n: u64) -> u64 {
        self.bodies.fetch_add(1, SeqCst);
        if n < 2 {
            return n;
        }
        let (a, b) = tokio::join!(Box::pin(self.dp(n - 1)), Box::pin(self.dp(n - 2)));
        a + b
    }
    async fn grow(&mut self) -> u64 {
        self.base += 1;
        let a = self.slow(3).await;
        self.base += 1;
        a * 100 + self.slow(3).await
    }
}
fn multi() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

#[test]
fn tasks_of_one_key_compute_once() {
    watched("hundred", || {
        multi().block_on(async {
            let s = Arc::new(Service::new());
            for round in 0..50u64 {
                let tasks: Vec<_> = (0..100)
                    .map(|_| {
                        let s = s.clone();
                        tokio::spawn(async move { s.slow(round).await })
                    })
                    .collect();
                for t in tasks {
                    assert_eq!(t.await.unwrap(), round + 1);
                }
            }
            assert_eq!(s.bodies.load(SeqCst), 50);
            let tasks: Vec<_> = (0..2000u64)
                .map(|i| {
                    let s = s.clone();
                    tokio::spawn(async move { (i % 10, s.tight(i % 10).await) })
                })
                .collect();
            for t in tasks {
                let (n, r) = t.await.unwrap();
                assert_eq!(r, if n % 7 == 3 { Err(()) } else { Ok(n + 1) });
            }
            let tasks: Vec<_> = (0..500u64)
                .map(|i| {
                    let s = s.clone();
                    tokio::spawn(
                        async move { s.lent(i % 10).await.clone() == (i % 10 + 1).to_string() },
                    )
                })
                .collect();
            for t in tasks {
                assert!(t.await.unwrap());
            }
        });
    });
}

#[test]
fn time_outs_drop_leaders_and_waiters() {
    watched("timeouts", || {
        multi().block_on(async {
            let s = Arc::new(Service::new());
            for round in 0..100u64 {
                let tasks: Vec<_> = (0..20u64)
                    .map(|i| {
                        let s = s.clone();
                        tokio::spawn(async move {
                            tokio::time::timeout(
                                Duration::from_micros(i * 500),
                                s.slow(1000 + round),
                            )
                            .await
                        })
                    })
                    .collect();
                for t in tasks {
                    if let Ok(v) = t.await.unwrap() {
                        assert_eq!(v, 1001 + round);
                    }
                }
                assert_eq!(
                    tokio::time::timeout(Duration::from_secs(5), s.slow(1000 + round))
                        .await
                        .unwrap(),
                    1001 + round
                );
            }
        });
    });
}

#[test]
fn aborted_tasks_hand_over() {
    watched("aborts", || {
        multi().block_on(async {
            let s = Arc::new(Service::new());
            for round in 0..200u64 {
                let tasks: Vec<_> = (0..8u64)
                    .map(|_| {
                        let s = s.clone();
                        tokio::spawn(async move { s.slow(round).await })
                    })
                    .collect();
                tokio::task::yield_now().await;
                for (i, t) in tasks.iter().enumerate() {
                    if i % 2 == 0 {
                        t.abort();
                    }
                }
                for (i, t) in tasks.into_iter().enumerate() {
                    let r = t.await;
                    if i % 2 == 1 {
                        assert_eq!(r.unwrap(), round + 1);
                    }
                }
            }
        });
    });
}

#[test]
fn joined_calls_and_dynamic_programs_compute_each_key_once() {
    watched("dp", || {
        multi().block_on(async {
            let s = Arc::new(Service::new());
            assert_eq!(s.outer(1).await, 2 + 3);
            let (a, b) = tokio::join!(s.outer(5), s.outer(6));
            assert_eq!((a, b), (6 + 7, 7 + 8));
            let s = Arc::new(Service::new());
            assert_eq!(s.dp(40).await, 102_334_155);
            assert_eq!(s.bodies.load(SeqCst), 41);
            let tasks: Vec<_> = (0..16u64)
                .map(|i| {
                    let s = s.clone();
                    tokio::spawn(async move { s.dp(60 + i % 4).await })
                })
                .collect();
            for t in tasks {
                t.await.unwrap();
            }
            assert_eq!(s.bodies.load(SeqCst), 64);
        });
    });
}

#[test]
fn a_mutating_method_sees_the_state_as_it_is() {
    watched("mut", || {
        multi().block_on(async {
            let mut s = Service::new();
            assert_eq!(s.slow(3).await, 4);
            assert_eq!(s.grow().await, 506);
            assert_eq!(s.slow(3).await, 6);
            // dropped halfway
            {
                let mut f = pin!(s.grow());
                let _ = f.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
            assert_eq!(s.slow(3).await, 7);
        });
    });
}

struct Panics;
impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("waker")
    }
}

#[test]
fn a_waker_that_panics_takes_no_other_wake_up_with_it() {
    watched("moved", || {
        let rt = multi();
        let _g = rt.enter();
        let s = Arc::new(Service::new());
        let mut lead: Pin<Box<dyn Future<Output = u64> + Send>> = {
            let s = s.clone();
            Box::pin(async move { s.slow(9).await })
        };
        assert!(lead.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let mut waits: Pin<Box<dyn Future<Output = u64> + Send>> = {
            let s = s.clone();
            Box::pin(async move { s.slow(9).await })
        };
        assert!(waits.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let mut bad: Pin<Box<dyn Future<Output = u64> + Send>> = {
            let s = s.clone();
            Box::pin(async move { s.slow(9).await })
        };
        assert!(
            bad.as_mut()
                .poll(&mut Context::from_waker(&Waker::from(Arc::new(Panics))))
                .is_pending()
        );
        let moved = rt.spawn(waits);
        let result = rt.block_on(async { tokio::spawn(lead).await });
        assert!(result.is_err(), "the waker's panic is the leader's");
        assert_eq!(rt.block_on(moved).unwrap(), 10);
        match bad.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(n) => assert_eq!(n, 10),
            Poll::Pending => panic!("pending"),
        }
        assert_eq!(s.bodies.load(SeqCst), 1);
    });
}

/// The compiler takes the lifetimes in a future's types for any, and would not see that those of the key and of the argument are one.
#[cfg(not(feature = "verify"))] // a limit of it, which its page names
mod futures_with_static_parts {
    use std::borrow::Cow;

    use super::*;

    #[memoize(engine = moka::sync::Cache::new(10), single_flight)]
    async fn title(of: Cow<'static, str>) -> usize {
        of.len()
    }

    #[memoize(unbounded, single_flight)]
    async fn all(of: Vec<&'static str>) -> usize {
        of.len()
    }
    #[memoize(unbounded, single_flight, returns = "ref")]
    async fn kept(of: Vec<&'static str>) -> usize {
        of.len()
    }

    #[memoize]
    struct Page {
        path: String,
    }
    #[memoize]
    impl Page {
        #[memoize(single_flight)]
        async fn part(&self, of: Cow<'static, str>) -> usize {
            self.path.len() + of.len()
        }
        #[memoize(single_flight)]
        async fn keyed(&self, of: Option<Cow<'static, str>>) -> usize {
            self.path.len() + of.iter().count()
        }
        #[memoize(single_flight, key(x: Vec<&'static str> = of.clone()))]
        async fn by_key(&self, of: Vec<&'static str>) -> usize {
            self.path.len() + of.len()
        }
    }

    #[test]
    fn are_send() {
        fn is_send<F: Send>(_future: &F) {}
        is_send(&title("a".into()));
        is_send(&all(vec!["a"]));
        is_send(&kept(vec!["a"]));
        is_send(&async {
            let page = Page { path: "a".into(), memo: Default::default() };
            page.part("b".into()).await;
            page.keyed(Some("b".into())).await;
            page.by_key(vec!["b"]).await
        });
    }
}
