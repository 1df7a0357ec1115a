//! What does a miss cost when many threads ask at once? Each of a number of rounds, all threads ask for one key, or each for its own.

use std::{hint::black_box, sync::Barrier, thread, time::Instant};

use cached::macros::cached;
use memo_runtime::memoize;
use moka::sync::Cache;

use crate::{
    harness::Effort,
    report::{Report, Table, nanos},
};

const THREADS: u64 = 4;

/// Some 20 µs of work.
fn body(n: u64) -> u64 {
    (0..20_000).fold(n, |sum, step| black_box(sum ^ step))
}

#[memoize(unbounded, single_flight)]
fn flight(n: u64) -> u64 {
    body(n)
}
#[memoize(unbounded)]
fn plain(n: u64) -> u64 {
    body(n)
}
#[cached(sync_writes = "by_key")]
fn cached_by_key(n: u64) -> u64 {
    body(n)
}

pub fn report(effort: &Effort, report: &mut Report) {
    eprintln!("measuring: contended misses");
    let rounds = if effort.quick { 20 } else { 2000 };
    let moka = Cache::<u64, u64>::new(1 << 20);
    let contenders: [(&str, &(dyn Fn(u64) -> u64 + Sync)); 4] = [
        ("`single_flight`", &flight),
        ("without", &plain),
        ("`moka::get_with`", &|n| moka.get_with(n, || body(n))),
        ("`cached`, `sync_writes = \"by_key\"`", &cached_by_key),
    ];
    let mut table = Table::new(["4 threads miss", "one key: ns a round", "a key each: ns a round"]);
    for (name, call) in contenders {
        let one = round(rounds, |round, _| call(round));
        let each = round(rounds, |round, thread| call((1 << 32) + round * THREADS + thread));
        table.row(vec![name.to_owned(), nanos(one), nanos(each)]);
    }
    report.add("flights", "Misses of many threads", &table);
}

/// The time of a round on the clock on the wall.
fn round(rounds: u64, call: impl Fn(u64, u64) -> u64 + Sync) -> f64 {
    let barrier = Barrier::new(usize::try_from(THREADS).unwrap_or(1));
    let start = Instant::now();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (barrier, call) = (&barrier, &call);
            scope.spawn(move || {
                for number in 0..rounds {
                    barrier.wait();
                    black_box(call(number, thread));
                }
            });
        }
    });
    start.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(rounds).unwrap_or(1))
}
