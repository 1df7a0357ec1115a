//! Several tokio runtimes over one store: what belongs to one ends with it, and the others go on.

use std::sync::Arc;

use memo_runtime::{AsyncByteStore, AsyncRedis};
use tokio::runtime::{Builder, Runtime};

use crate::{adapters::PATIENT, server::Server, watchdog::watched};

fn store(server: &Server) -> AsyncRedis {
    let store = AsyncRedis::open(&server.url()).expect("a URL");
    store.connect_timeout(PATIENT).response_timeout(PATIENT)
}

fn single() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn exchange(store: &AsyncRedis, number: u32) {
    let key = format!("runtime:{number}").into_bytes();
    assert_eq!(store.get(&key).await.expect("no error"), None);
    store.set(&key, &key, None).await.expect("no error");
    assert_eq!(store.get(&key).await.expect("no error"), Some(key));
}

#[test]
fn a_runtime_that_has_ended_leaves_the_store_to_the_next_one() {
    let Some(server) = Server::start() else { return };
    let store = store(&server);
    watched("ended", || {
        for number in 0..20 {
            let runtime =
                if number % 2 == 0 { single() } else { Runtime::new().expect("a runtime") };
            runtime.block_on(exchange(&store, number));
        }
    });
}

#[test]
fn a_runtime_that_is_not_driven_does_not_hold_up_another_one() {
    let Some(server) = Server::start() else { return };
    let store = store(&server);
    watched("not driven", || {
        // More of them than connections are kept for.
        let runtimes: Vec<Runtime> = (0..12).map(|_| single()).collect();
        for (number, runtime) in (0..).zip(runtimes.iter().chain(&runtimes)) {
            runtime.block_on(exchange(&store, number));
        }
    });
}

#[test]
fn runtimes_share_a_store_at_the_same_time() {
    let Some(server) = Server::start() else { return };
    let store = Arc::new(store(&server));
    watched("at once", || {
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let store = &store;
                scope.spawn(move || {
                    let runtime = single();
                    for round in 0..50 {
                        runtime.block_on(exchange(store, thread * 1_000 + round));
                    }
                });
            }
        });
    });
}
