//! `single_flight` of `async` functions: futures that share a task, are dropped halfway or are polled by turns do not look like a
//! body that asks for its own key, and a dropped one hands over.

use std::{future::Future, pin::Pin, time::Duration};

use memo_runtime::memoize;
use tokio::{runtime::Builder, task::yield_now, time::sleep};

type Boxed = Pin<Box<dyn Future<Output = u32> + Send>>;

#[memoize(unbounded, single_flight)]
async fn leaf(n: u32) -> u32 {
    for _ in 0..3 {
        yield_now().await;
    }
    n
}
#[memoize(unbounded, single_flight)]
async fn relay(n: u32) -> u32 {
    leaf(n).await
}
#[memoize(unbounded, single_flight)]
async fn leaf_and_relay(n: u32) -> u32 {
    let (a, b) = tokio::join!(leaf(n), relay(n));
    a + b
}
#[memoize(unbounded, single_flight)]
async fn relay_and_leaf(n: u32) -> u32 {
    let (a, b) = tokio::join!(relay(n), leaf(n));
    a + b
}
#[memoize(unbounded, single_flight)]
async fn chain(n: u32) -> u32 {
    yield_now().await;
    if n == 0 { 0 } else { boxed_chain(n - 1).await + 1 }
}
fn boxed_chain(n: u32) -> Boxed {
    Box::pin(chain(n))
}

fn everywhere<F: Future<Output = ()>>(test: impl Fn() -> F) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(test());
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test());
}

#[test]
fn siblings_of_one_body_share_a_key() {
    everywhere(|| async {
        for n in 0..20 {
            leaf_cache().clear();
            relay_cache().clear();
            let all = tokio::join!(
                leaf_and_relay(n),
                relay_and_leaf(n),
                relay(n),
                leaf(n),
                leaf_and_relay(n)
            );
            assert_eq!(all, (2 * n, 2 * n, n, n, 2 * n));
        }
    });
}

#[test]
fn links_of_a_chain_are_polled_by_turns() {
    everywhere(|| async {
        chain_cache().clear();
        let mut links: Vec<Boxed> = (0..10).map(boxed_chain).collect();
        let waker = std::task::Waker::noop();
        for link in links.iter_mut().rev() {
            assert!(link.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
        }
        let tasks: Vec<_> = links.into_iter().map(tokio::spawn).collect();
        for (n, task) in (0..).zip(tasks) {
            assert_eq!(task.await.unwrap(), n);
        }
    });
}

#[test]
fn one_dropped_at_any_await_hands_over() {
    everywhere(|| async {
        for polls in 0..6 {
            leaf_cache().clear();
            let mut first = Box::pin(leaf(1));
            let waiters: Vec<_> = (0..3).map(|_| tokio::spawn(leaf(1))).collect();
            for _ in 0..polls {
                tokio::select! { biased; _ = &mut first => break, () = yield_now() => {} }
            }
            drop(first);
            waiters[0].abort();
            for waiter in waiters.into_iter().skip(1) {
                assert_eq!(waiter.await.unwrap(), 1);
            }
        }
    });
}

#[test]
fn selections_that_give_up_leave_nothing_behind() {
    everywhere(|| async {
        for n in 100..120 {
            let mut tasks = tokio::task::JoinSet::new();
            for delay in 0..6 {
                tasks.spawn(async move {
                    tokio::select! {
                        sum = leaf_and_relay(n) => assert_eq!(sum, 2 * n),
                        sum = relay_and_leaf(n) => assert_eq!(sum, 2 * n),
                        () = sleep(Duration::from_micros(20 * delay)) => {}
                    }
                });
            }
            while let Some(task) = tasks.join_next().await {
                task.unwrap();
            }
            assert_eq!(leaf_and_relay(n).await, 2 * n);
        }
    });
}
