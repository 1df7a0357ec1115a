//! What does a miss cost: looking up in vain, computing next to nothing, storing, growing?

use std::{cell::RefCell, collections::HashMap};

use foldhash::fast::RandomState;

use super::goals::list;
use crate::{
    harness::{
        Contender, Effort, Keys,
        Kind::{Ours, Peer, Reference},
        measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{
        body,
        hand::{Local, LocalLru, Locked, LockedLru},
        keys,
        ours::{Bounded, BoundedUnsync, Unbounded, Unsync},
        peers,
        stores::{Moka, Papaya, Quick},
    },
};

/// The goal of issue 10.
const AT_MOST: f64 = 1.3;
const BY_HAND: &str = "`RefCell<HashMap>`";
const PLAIN: &str = "`HashMap` insert";

pub fn report(effort: &Effort, report: &mut Report) {
    let mut goals = Table::new([
        "misses on an empty cache",
        "ns",
        "against",
        "ns",
        "measured",
        "at most",
        "goal",
    ]);
    let mut others =
        Table::new(["misses on an empty cache", "ns", "others: ns (multiple of ours)"]);
    let many = if effort.quick { 10_000 } else { 100_000 };
    for (title, entries, longer) in
        [("1,000 `u64`", 1000, 1), ("100,000 `u64`", many, 10), ("1,000,000 `u64`", many * 10, 10)]
    {
        eprintln!("measuring: misses, {title}");
        let mut contenders = contenders(entries);
        let found = measure(&effort.longer(longer), &mut contenders);
        let plain = found.index(BY_HAND);
        let ratio = found.ratio(0, plain);
        goals.row(vec![
            title.to_owned(),
            nanos(found.nanos(0)),
            BY_HAND.to_owned(),
            nanos(found.nanos(plain)),
            times(ratio),
            times(AT_MOST),
            if ratio <= AT_MOST { "met" } else { "**short**" }.to_owned(),
        ]);
        others.row(vec![title.to_owned(), nanos(found.nanos(0)), list(&found)]);
    }
    report.add("misses", "Misses", &goals);
    report.add("miss-peers", "The same misses, and others", &others);
}

fn contenders(entries: usize) -> Vec<Contender> {
    let keys = &keys::numbers(entries);
    let mut contenders = vec![
        Contender::misses("memo", Ours, keys, Unbounded::new, |it, &a| it.one(a)),
        Contender::misses("memo unsync", Ours, keys, Unsync::new, |it, &a| it.one(a)),
        Contender::misses(PLAIN, Reference, keys, plain_map, |it, &a| {
            let value = body::one(a);
            it.borrow_mut().insert(a, value);
            value
        }),
        Contender::misses(BY_HAND, Reference, keys, Local::new, |it, a| {
            it.get(a, || body::one(*a))
        }),
        Contender::misses("`Mutex<HashMap>`", Reference, keys, Locked::new, |it, a| {
            it.get(a, || body::one(*a))
        }),
        Contender::misses("`papaya`", Peer, keys, Papaya::new, |it, &a| it.get(a, || body::one(a))),
        emptied("`cached`", keys, peers::misses::forget_cached, peers::misses::cached_plain),
        emptied("`memoize`", keys, peers::misses::forget_memoize, peers::misses::memoize_local),
    ];
    let capacity = entries * 2;
    contenders.push(Contender::misses(
        "`quick_cache`",
        Peer,
        keys,
        move || Quick::new(capacity),
        |it, &a| it.get(a, || body::one(a)),
    ));
    if entries <= 1000 {
        let more = [
            Contender::misses("memo capacity", Ours, keys, Bounded::new, |it, &a| it.one(a)),
            Contender::misses("memo capacity unsync", Ours, keys, BoundedUnsync::new, |it, &a| {
                it.one(a)
            }),
            Contender::misses(
                "`Mutex<LruCache>`",
                Reference,
                keys,
                || LockedLru::new(1024),
                |it, &a| it.get(a, || body::one(a)),
            ),
            Contender::misses(
                "`RefCell<LruCache>`",
                Reference,
                keys,
                || LocalLru::new(1024),
                |it, &a| it.get(a, || body::one(a)),
            ),
            Contender::misses(
                "`moka`",
                Peer,
                keys,
                move || Moka::new(capacity),
                |it, &a| it.get(a, || body::one(a)),
            ),
        ];
        contenders.extend(more);
    }
    contenders
}

fn plain_map() -> RefCell<HashMap<u64, u64, RandomState>> {
    RefCell::default()
}

/// A function whose cache lives as long as the process, emptied before each run.
fn emptied(name: &str, keys: &Keys<u64>, forget: fn(), call: fn(u64) -> u64) -> Contender {
    Contender::misses(name, Peer, keys, forget, move |(), &a| call(a))
}
