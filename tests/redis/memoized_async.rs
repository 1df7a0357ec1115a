//! Faults at the level of memoized `async` functions.

use std::{
    future::Future,
    pin::pin,
    sync::{
        LazyLock, OnceLock,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    task::{Context, Waker},
    time::Duration,
};

use memo_runtime::{AsyncRedis, ErrorKind, Region, memoize};
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinSet, block_in_place, yield_now},
};

use crate::{
    adapters::{PATIENT, SHORT},
    proxy::Proxy,
    server::Server,
    watchdog::watched,
};

/// The server is asked after each error too, so that what is counted is exact.
fn region(url: &OnceLock<String>, limit: Duration) -> Region<AsyncRedis> {
    let redis = AsyncRedis::open(url.get().expect("the server was started")).expect("a URL");
    let redis = redis.connect_timeout(limit).response_timeout(limit);
    Region::new("test", redis).retry_after(Duration::ZERO)
}

#[test]
fn tasks_of_a_server_that_is_killed_and_comes_back_get_right_values() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<AsyncRedis>> = LazyLock::new(|| region(&URL, PATIENT));
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    #[memoize(store = &REGION, ttl = "1h", stats)]
    async fn square(n: u64) -> u64 {
        yield_now().await;
        n * n
    }
    async fn rise_by_hundred(count: fn() -> u64) {
        let before = count();
        while count() < before + 100 {
            yield_now().await;
        }
    }
    let Some(mut server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    let errors = || square_cache().info().errors.expect("a store counts them");
    let hits = || square_cache().info().hits.expect("they are counted");
    let runtime = Runtime::new().expect("a runtime");
    watched("killed", || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for caller in 0..4 {
                tasks.spawn(async move {
                    for round in 0_u64.. {
                        if IS_OVER.load(SeqCst) {
                            break;
                        }
                        let n = caller + round % 10;
                        assert_eq!(square(n).await, n * n);
                    }
                });
            }
            rise_by_hundred(hits).await;
            assert_eq!(errors(), 0);
            block_in_place(|| server.kill());
            rise_by_hundred(errors).await;
            block_in_place(|| server.restart());
            rise_by_hundred(hits).await;
            IS_OVER.store(true, SeqCst);
            while let Some(task) = tasks.join_next().await {
                task.expect("no task panics");
            }
            let before = errors();
            assert_eq!(square(1_000).await, 1_000_000);
            let stored = square_cache().get((1_000,)).await.expect("the server is back");
            assert_eq!(stored, Some(1_000_000));
            assert_eq!(errors(), before, "nothing is wrong any more");
        });
    });
}

#[test]
fn a_server_that_is_stopped_costs_errors_and_no_values() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<AsyncRedis>> = LazyLock::new(|| region(&URL, SHORT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    async fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    watched("stopped", || {
        runtime.block_on(async {
            assert_eq!((square(2).await, square(2).await, BODIES.load(SeqCst)), (4, 4, 1));
            server.stop();
            assert_eq!((square(2).await, square(3).await), (4, 9));
            assert_eq!(BODIES.load(SeqCst), 3, "the bodies run");
            assert_eq!(square_cache().info().errors, Some(4));
            let error = square_cache().clear().await.expect_err("who forgets has to know");
            assert_eq!(error.kind(), ErrorKind::Write);
            server.go_on();
            assert_eq!((square(2).await, square(4).await, square(4).await), (4, 16, 16));
            assert_eq!(BODIES.load(SeqCst), 4);
            assert_eq!(square_cache().info().errors, Some(4));
        });
    });
}

#[test]
fn runtimes_that_end_leave_one_function_to_the_next() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<AsyncRedis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h", single_flight)]
    async fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    watched("runtimes", || {
        for round in 0..10 {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            assert_eq!(
                runtime.block_on(async { (square(2).await, square(round).await) }),
                (4, round * round)
            );
        }
        assert_eq!(BODIES.load(SeqCst), 10, "2 was asked for in all of them");
        assert_eq!(square_cache().info().errors, Some(0));
    });
}

#[test]
fn a_call_that_is_dropped_halfway_changes_no_other_ones_value() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<AsyncRedis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h", single_flight)]
    async fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    URL.set(proxy.url()).expect("only here");
    let runtime = Runtime::new().expect("a runtime");
    watched("dropped", || {
        runtime.block_on(async {
            assert_eq!((square(2).await, square(3).await), (4, 9));
            for _ in 0..5 {
                proxy.hold_next();
                {
                    let mut call = pin!(square(2));
                    let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    assert!(polled.is_pending());
                    block_in_place(|| proxy.wait_until_held());
                }
                proxy.release();
                assert_eq!((square(3).await, square(2).await), (9, 4));
            }
            assert_eq!(BODIES.load(SeqCst), 2, "all else were hits");
            assert_eq!(square_cache().info().errors, Some(0));
        });
    });
}
