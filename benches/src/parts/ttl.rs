//! What does a hit cost whose age is asked for?

use std::{hint::black_box, time::Duration};

use cached::macros::{cached, concurrent_cached};
use foldhash::fast::RandomState;
use memo_runtime::memoize;

use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Peer},
        Times, measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{body, keys},
};

const ENTRIES: usize = 512;
const HOUR: Duration = Duration::from_hours(1);

macro_rules! ours {
    ($($plain:ident $timed:ident ($($key:ident)?) [$($option:tt)*];)*) => { $(
        #[memoize($($option)*)]
        #[inline]
        fn $plain($($key: u64)?) -> u64 {
            body::one(0 $(+ $key)?)
        }
        #[memoize(ttl = "1h", $($option)*)]
        #[inline]
        fn $timed($($key: u64)?) -> u64 {
            body::one(0 $(+ $key)?)
        }
    )* };
}
ours! {
    cell timed_cell () [];
    map timed_map (key) [unbounded];
    sieve timed_sieve (key) [capacity = 1024, policy = "sieve"];
    lru timed_lru (key) [capacity = 1024];
    local timed_local (key) [unbounded, unsync];
}

#[cached(ttl_secs = 3600)]
#[inline]
fn cached_timed(a: u64) -> u64 {
    body::one(a)
}
#[concurrent_cached(ttl_secs = 3600)]
#[inline]
fn cached_concurrent_timed(a: u64) -> u64 {
    body::one(a)
}

pub fn report(effort: &Effort, report: &mut Report) {
    eprintln!("measuring: hits with `ttl`");
    let mut table = Table::new(["hit", "ns", "with `ttl`: ns", "the clock: ns", "multiple"]);
    compare(&mut table, &measure(effort, &mut cells()), &[("no arguments", "cell", "timed cell")]);
    let found = measure(effort, &mut contenders());
    let pairs = [
        ("unbounded", "map", "timed map"),
        ("`policy = \"sieve\"`", "sieve", "timed sieve"),
        ("`capacity`", "lru", "timed lru"),
        ("`unsync`", "local", "timed local"),
        ("`moka`", "moka", "timed moka"),
    ];
    compare(&mut table, &found, &pairs);
    for (name, timed) in [("`cached`", "cached"), ("`cached` concurrent", "cached concurrent")] {
        let timed = found.nanos(found.index(timed));
        table.row(vec![name.to_owned(), String::new(), nanos(timed), String::new(), String::new()]);
    }
    report.add("ttl", "Hits over 512 `u64`, without and with a `ttl` of an hour", &table);
}

/// A row for each title, with what is measured without and with `ttl`.
fn compare(table: &mut Table, found: &Times, pairs: &[(&str, &str, &str)]) {
    for &(name, plain, timed) in pairs {
        let (plain, timed) = (found.index(plain), found.index(timed));
        table.row(vec![
            name.to_owned(),
            nanos(found.nanos(plain)),
            nanos(found.nanos(timed)),
            nanos(found.difference(timed, plain)),
            times(found.ratio(timed, plain)),
        ]);
    }
}

fn cells() -> Vec<Contender> {
    let keys = &keys::numbers(ENTRIES);
    vec![
        Contender::hits("cell", Ours, keys, |_| cell()),
        Contender::hits("timed cell", Ours, keys, |_| timed_cell()),
    ]
}

fn contenders() -> Vec<Contender> {
    let keys = &keys::numbers(ENTRIES);
    let moka = |timed: bool| {
        let builder = moka::sync::Cache::builder().max_capacity(1024);
        let builder = if timed { builder.time_to_live(HOUR) } else { builder };
        let moka: moka::sync::Cache<u64, u64, RandomState> =
            builder.build_with_hasher(RandomState::default());
        move |&a: &u64| {
            black_box(&moka).get(&a).unwrap_or_else(|| {
                let value = body::one(a);
                moka.insert(a, value);
                value
            })
        }
    };
    vec![
        Contender::hits("map", Ours, keys, |&a| map(a)),
        Contender::hits("timed map", Ours, keys, |&a| timed_map(a)),
        Contender::hits("sieve", Ours, keys, |&a| sieve(a)),
        Contender::hits("timed sieve", Ours, keys, |&a| timed_sieve(a)),
        Contender::hits("lru", Ours, keys, |&a| lru(a)),
        Contender::hits("timed lru", Ours, keys, |&a| timed_lru(a)),
        Contender::hits("local", Ours, keys, |&a| local(a)),
        Contender::hits("timed local", Ours, keys, |&a| timed_local(a)),
        Contender::hits("moka", Peer, keys, moka(false)),
        Contender::hits("timed moka", Peer, keys, moka(true)),
        Contender::hits("cached", Peer, keys, |&a| cached_timed(a)),
        Contender::hits("cached concurrent", Peer, keys, |&a| cached_concurrent_timed(a)),
    ]
}
