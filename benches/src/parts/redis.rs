//! What does it cost to have entries in a Redis server? Beside a bare `GET` on a connection that is open, which nobody can do without.

use std::{
    hint::black_box,
    sync::{
        Barrier, LazyLock, OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Instant,
};

use memo_runtime::{ByteStore, Redis, Region, memoize};

use crate::{
    harness::{Effort, median},
    report::{Report, Table, nanos, times},
    server::Server,
};

/// About what an entry of a few fields takes.
const VALUE: [u8; 100] = [b'x'; 100];

/// As many threads miss one key.
const THREADS: usize = 64;

static URL: OnceLock<String> = OnceLock::new();
static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| {
    let url = URL.get().expect("the server was started");
    Region::new("bench", Redis::open(url).expect("a URL"))
});
static BODIES: AtomicU64 = AtomicU64::new(0);

/// Some milliseconds of work.
fn body(n: u64) -> String {
    BODIES.fetch_add(1, Relaxed);
    (0..4_000_000).fold(n, |sum, step| black_box(sum ^ step));
    "x".repeat(VALUE.len())
}

#[memoize(store = &REGION, unbounded)]
fn plain(n: u64) -> String {
    body(n)
}
#[memoize(store = &REGION, unbounded, single_flight)]
fn flight(n: u64) -> String {
    body(n)
}

/// What is measured: one look-up.
type Call<'a> = (&'a str, Box<dyn FnMut() + 'a>);

type Function = fn(u64) -> String;

pub fn report(effort: &Effort, report: &mut Report) {
    let Some(server) = Server::start() else {
        return;
    };
    eprintln!("measuring: Redis");
    URL.get_or_init(|| server.url());
    hits(effort, report, &server);
    stampedes(effort, report);
}

fn hits(effort: &Effort, report: &mut Report, server: &Server) {
    let store = Redis::open(&server.url()).expect("a URL");
    store.set(b"key", &VALUE, None).expect("the server runs");
    let client = redis::Client::open(server.url()).expect("a URL");
    let mut connection = client.get_connection().expect("the server runs");
    let get = redis::Cmd::get("key");
    let bare = move || {
        let value: Vec<u8> = get.query(&mut connection).expect("the server runs");
        assert_eq!(black_box(value).len(), VALUE.len());
    };
    let through_the_adapter = || {
        let value = store.get(b"key").expect("the server runs").expect("it is there");
        assert_eq!(black_box(value).len(), VALUE.len());
    };
    let memoized = || assert_eq!(black_box(plain(0)).len(), VALUE.len());
    let mut calls: [Call<'_>; 3] = [
        ("bare `GET`", Box::new(bare)),
        ("`Redis::get`", Box::new(through_the_adapter)),
        ("a hit of a function with `store`", Box::new(memoized)),
    ];
    // The first call of the function computes.
    plain(0);
    let rounds = if effort.quick { 3 } else { 201 };
    let mut samples = calls.each_ref().map(|_| Vec::new());
    for _ in 0..rounds {
        for ((_, call), samples) in calls.iter_mut().zip(&mut samples) {
            let start = Instant::now();
            (0..50).for_each(|_| call());
            samples.push(start.elapsed().as_secs_f64() * 1e9 / 50.0);
        }
    }
    let mut table =
        Table::new(["100 bytes from a server on this machine", "ns", "of a bare `GET`"]);
    for ((name, _), own) in calls.iter().zip(&samples) {
        let ratio = median(own.iter().zip(&samples[0]).map(|(own, bare)| own / bare));
        table.row(vec![(*name).to_owned(), nanos(median(own.iter().copied())), times(ratio)]);
    }
    report.add("redis", "Entries in Redis", &table);
}

/// All threads ask for a key that is in no cache, in each round for another one.
fn stampedes(effort: &Effort, report: &mut Report) {
    let rounds = if effort.quick { 3 } else { 51 };
    let title = format!("{THREADS} threads miss one key");
    let mut table = Table::new([title.as_str(), "µs a round", "bodies a round"]);
    let contenders: [(&str, Function); 2] =
        [("`store`, `single_flight`", flight), ("`store` without", plain)];
    for (name, call) in contenders {
        let before = BODIES.load(Relaxed);
        let times: Vec<f64> = (1..=rounds).map(|key| stampede(key, call)).collect();
        #[allow(clippy::cast_precision_loss, reason = "a small number")]
        let bodies = (BODIES.load(Relaxed) - before) as f64 / rounds as f64;
        table.row(vec![
            name.to_owned(),
            format!("{:.0}", median(times.into_iter())),
            format!("{bodies:.1}"),
        ]);
    }
    report.add("stampede", "Stampedes on a key in Redis", &table);
}

/// From the moment when the first thread goes to that when the last one has its value, in microseconds.
fn stampede(key: u64, call: Function) -> f64 {
    let barrier = Barrier::new(THREADS);
    let run = || {
        barrier.wait();
        let start = Instant::now();
        assert_eq!(black_box(call(key)).len(), VALUE.len());
        (start, Instant::now())
    };
    let times: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let start = times.iter().map(|(start, _)| *start).min().expect("there are threads");
    let end = times.iter().map(|(_, end)| *end).max().expect("there are threads");
    (end - start).as_secs_f64() * 1e6
}
