//! The Redis adapters with a real server: what every store does, and what goes wrong with servers, at the level of the traits and
//! at that of memoized functions.

mod adapters;
mod answers;
#[path = "../conformance/asynchronous.rs"]
mod asynchronous;
#[path = "../conformance/mod.rs"]
mod conformance;
mod faults;
mod late;
mod memoized;
mod memoized_async;
mod proxy;
mod runtimes;
#[path = "../support/redis_server.rs"]
mod server;
#[path = "../support/watchdog.rs"]
mod watchdog;

use adapters::PATIENT;
use memo_runtime::{AsyncRedis, Redis};
use server::Server;

#[test]
fn redis_conforms() {
    let Some(server) = Server::start() else { return };
    for protocol in ["resp2", "resp3"] {
        let url = format!("{}/?protocol={protocol}", server.url());
        let store = Redis::open(&url).expect("a URL").response_timeout(PATIENT);
        conformance::conforms(&store.connect_timeout(PATIENT));
    }
}

#[test]
fn async_redis_conforms() {
    let Some(server) = Server::start() else { return };
    for protocol in ["resp2", "resp3"] {
        let url = format!("{}/?protocol={protocol}", server.url());
        let store = AsyncRedis::open(&url).expect("a URL").response_timeout(PATIENT);
        asynchronous::conforms(store.connect_timeout(PATIENT));
    }
}
