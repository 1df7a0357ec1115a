//! An answer that comes late answers its own question, or none.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
};

use memo_runtime::{AsyncByteStore, AsyncRedis, ByteStore, Redis};

use crate::{
    adapters::{PATIENT, SHORT, both},
    proxy::Proxy,
    server::Server,
    watchdog::watched,
};

fn patient(url: &str) -> AsyncRedis {
    let store = AsyncRedis::open(url).expect("a URL");
    store.connect_timeout(PATIENT).response_timeout(PATIENT)
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_one() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    watched("late", || {
        for (name, store) in both(&proxy.url(), SHORT) {
            store.set(b"a", b"A", None).expect("it runs");
            store.set(b"b", b"B", None).expect("it runs");
            proxy.hold_next();
            store.get(b"a").expect_err("the answer is held");
            proxy.wait_until_held();
            proxy.release();
            for (key, value) in [(b"b", b"B"), (b"a", b"A"), (b"b", b"B")] {
                let answer = store.get(key).expect("it runs");
                assert_eq!(answer.as_deref(), Some(&value[..]), "{name}");
            }
        }
    });
}

#[test]
fn connections_that_are_lost_are_one_error_and_no_more() {
    let Some(server) = Server::start() else { return };
    watched("lost", || {
        let proxy = Proxy::before(server.port());
        for (name, store) in both(&proxy.url(), SHORT) {
            // Several connections are open: while the answer to one call is held, the others need their own.
            let before = proxy.connections();
            let key = b"key";
            thread::scope(|scope| {
                proxy.hold_next();
                scope.spawn(|| store.get(key).expect("released in time"));
                proxy.wait_until_held();
                scope.spawn(|| store.get(key).expect("it runs"));
                while name == "Redis" && proxy.connections() < before + 2 {
                    thread::yield_now();
                }
                proxy.release();
            });
            proxy.lose_connections();
            store.get(key).expect_err("nothing comes back");
            for _ in 0..4 {
                store.get(key).expect("all connections are new");
            }
        }
    });
}

#[test]
fn threads_do_not_wait_for_each_other() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    let store = Redis::open(&proxy.url()).expect("a URL").response_timeout(PATIENT);
    let store = store.connect_timeout(PATIENT);
    watched("threads", || {
        store.set(b"a", b"A", None).expect("it runs");
        proxy.hold_next();
        thread::scope(|scope| {
            let held = scope.spawn(|| store.get(b"a"));
            proxy.wait_until_held();
            for _ in 0..3 {
                // Would not end if it waited for the one that is held.
                assert_eq!(store.get(b"b").expect("it runs"), None);
            }
            proxy.release();
            let answer = held.join().expect("it does not panic").expect("it runs");
            assert_eq!(answer.as_deref(), Some(&b"A"[..]));
        });
        assert_eq!(proxy.connections(), 2);
    });
}

#[test]
fn a_dropped_future_takes_only_its_own_answer_along() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    let store = patient(&proxy.url());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    watched("dropped", || {
        runtime.block_on(async {
            store.set(b"a", b"A", None).await.expect("it runs");
            store.set(b"b", b"B", None).await.expect("it runs");
            for _ in 0..3 {
                proxy.hold_next();
                {
                    let mut get = pin!(store.get(b"a"));
                    // Enough to send the question, which the connection's own task does.
                    let polled = get.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    assert!(polled.is_pending());
                    tokio::task::block_in_place(|| proxy.wait_until_held());
                }
                proxy.release();
                let answer = store.get(b"b").await.expect("it runs");
                assert_eq!(answer.as_deref(), Some(&b"B"[..]));
            }
        });
        assert_eq!(proxy.connections(), 1, "nothing went wrong with it");
    });
}

#[test]
fn many_tasks_make_one_connection() {
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    let store = std::sync::Arc::new(patient(&proxy.url()));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    watched("tasks", || {
        runtime.block_on(crate::asynchronous::tasks_do_not_mix_up_answers(&store));
        assert_eq!(proxy.connections(), 1);
    });
}

#[test]
fn who_waits_for_a_connection_is_not_held_up_by_one_that_is_no_longer_polled() {
    let Some(server) = Server::start() else { return };
    let store = patient(&server.url());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    watched("not polled", || {
        runtime.block_on(async {
            let mut first = pin!(store.get(b"a"));
            assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            // The first one began to connect, and waits; nobody polls it while this is awaited.
            assert_eq!(store.get(b"b").await.expect("it runs"), None);
            assert_eq!(first.await.expect("it runs"), None);
        });
    });
}

#[test]
fn a_failure_that_was_told_to_nobody_says_nothing_of_a_server_that_has_come_since() {
    let Some(mut server) = Server::start() else { return };
    server.kill();
    let (store, other) = (patient(&server.url()), patient(&server.url()));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    watched("told to nobody", || {
        runtime.block_on(async {
            let mut get = Box::pin(store.get(b"a"));
            assert!(get.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            drop(get);
            // Its connecting has begun after that of `store`, and so ends after it.
            other.get(b"a").await.expect_err("there is no server");
        });
        server.restart();
        assert_eq!(runtime.block_on(store.get(b"a")).expect("it runs"), None);
    });
}

#[test]
fn outside_of_a_runtime_is_an_error() {
    let store = AsyncRedis::open("redis://127.0.0.1:1").expect("a URL");
    let get = pin!(store.get(b"key"));
    let Poll::Ready(Err(error)) = get.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("there is nothing to wait for");
    };
    assert_eq!(error.to_string(), "GET on Redis: there is no tokio runtime here");
}
