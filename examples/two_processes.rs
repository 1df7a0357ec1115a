//! Two processes share what one of them has computed, in a Redis server; then the server is killed, and the values stay right.
//!
//! The example starts a server of its own if it finds one (`apt-get install redis-server`), and itself once more as the second
//! process. It is built with the feature `mock-clock`, so that it need not wait until a server that failed is tried again. Run it with
//! `cargo run --example two_processes`. It checks itself.

#[path = "../tests/support/redis_server.rs"]
#[allow(dead_code, reason = "tests do more with a server")]
mod server;

use std::{
    env, io,
    process::Command,
    sync::{
        LazyLock, OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use memo_runtime::{Redis, Region, clock, memoize};
use serde::{Deserialize, Serialize};
use server::Server;

/// Tells the second process that it is the second one, and where the server is.
const SECOND: &str = "MEMO_EXAMPLE_SECOND_PROCESS";

/// Where the server is. A service finds that in its configuration.
static SERVER_URL: OnceLock<String> = OnceLock::new();

static ATLAS: LazyLock<Region<Redis>> = LazyLock::new(|| {
    let url = SERVER_URL.get().expect("it is set first of all");
    Region::new("atlas", Redis::open(url).expect("a URL of a server"))
        .on_error(|error| println!("    told to `on_error`: {error}"))
});

/// How often this process has computed a route.
static COMPUTED: AtomicU32 = AtomicU32::new(0);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Route {
    stops: Vec<String>,
    kilometres: f64,
}

/// Takes long, and has the same result in all processes. An `Ok` is shared, an `Err` is not.
#[memoize(store = &ATLAS, ttl = "1h", single_flight)]
fn route(from: &str, to: &str) -> Result<Route, String> {
    COMPUTED.fetch_add(1, Relaxed);
    match (from, to) {
        ("Berlin", "München") => {
            let stops = ["Berlin", "Erfurt", "München"].map(str::to_owned).to_vec();
            Ok(Route { stops, kilometres: 584.5 })
        }
        _ => Err(format!("no way from {from} to {to}")),
    }
}

/// Asks for a route, whatever has happened to the server; says and returns how many bodies ran for it.
fn travel(when: &str) -> u32 {
    let before = COMPUTED.load(Relaxed);
    println!("{when}:");
    let found = route("Berlin", "München").expect("there is a way");
    assert_eq!(found.stops, ["Berlin", "Erfurt", "München"]);
    let bodies = COMPUTED.load(Relaxed) - before;
    println!("    {} km, bodies: {bodies}", found.kilometres);
    bodies
}

fn main() -> io::Result<()> {
    if let Ok(url) = env::var(SECOND) {
        SERVER_URL.get_or_init(|| url);
        assert_eq!(travel("the second process"), 0, "the first one has computed it");
        return Ok(());
    }
    let Some(mut server) = Server::start() else {
        println!("no redis-server was found, in `PATH` or `MEMO_REDIS_SERVER`: nothing to show");
        return Ok(());
    };
    SERVER_URL.get_or_init(|| server.url());
    assert_eq!(travel("the first process"), 1);
    let second = Command::new(env::current_exe()?).env(SECOND, server.url()).status()?;
    assert!(second.success());
    assert_eq!(travel("the first process again"), 0);

    server.kill();
    assert_eq!(travel("the server is killed; the call goes on without it"), 1);
    assert_eq!(travel("and for a second nobody asks it"), 1);
    assert!(route("Berlin", "Atlantis").is_err(), "that is the body's own error");
    // Calls go on without a store; who wants something forgotten must know whether it is.
    let error = route_cache().remove(("Berlin", "München")).expect_err("there is no server");
    println!("to forget is not possible:\n    {error}");

    server.restart();
    clock::advance(Duration::from_secs(1));
    assert_eq!(travel("a second later it is there again, without its data"), 1);
    assert_eq!(travel("and is used"), 0);
    println!("all in all: {}", route_cache().info());
    assert_eq!(route_cache().info().errors, Some(2), "one in reading, one in writing");
    Ok(())
}
