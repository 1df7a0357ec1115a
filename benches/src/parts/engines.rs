//! What does a hit cost that goes through `engine`, beside the bare engine?

use std::{hash::Hash, hint::black_box};

use foldhash::fast::RandomState;
use memo_runtime::memoize;

use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Peer},
        measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{body, keys},
};

const ENTRIES: usize = 512;
const CAPACITY: usize = 1024;

type Moka<K, V = u64> = moka::sync::Cache<K, V, RandomState>;
type Quick<K> = quick_cache::sync::Cache<K, u64, quick_cache::UnitWeighter, RandomState>;

fn moka<K, V>() -> Moka<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let builder = moka::sync::Cache::builder().max_capacity(CAPACITY as u64);
    builder.build_with_hasher(RandomState::default())
}

fn quick<K: Hash + Eq + Clone>() -> Quick<K> {
    Quick::with(
        CAPACITY,
        CAPACITY as u64,
        quick_cache::UnitWeighter,
        RandomState::default(),
        quick_cache::sync::DefaultLifecycle::default(),
    )
}

#[memoize(engine = moka())]
#[inline]
fn in_moka(a: u64) -> u64 {
    body::one(a)
}
#[memoize(engine = quick())]
#[inline]
fn in_quick_cache(a: u64) -> u64 {
    body::one(a)
}
#[memoize(engine = moka(), ttl = "1h")]
#[inline]
fn timed_in_moka(a: u64) -> u64 {
    body::one(a)
}
#[memoize(engine = moka())]
#[inline]
fn text_in_moka(text: &str) -> u64 {
    text.len() as u64
}

pub fn report(effort: &Effort, report: &mut Report) {
    eprintln!("measuring: hits in engines");
    let (numbers, texts) = (measure(effort, &mut of_numbers()), measure(effort, &mut of_texts()));
    let mut table = Table::new(["hit", "bare: ns", "`engine`: ns", "more: ns", "multiple"]);
    for (name, found, bare, ours) in [
        ("`moka`, `u64`", &numbers, "moka", "in moka"),
        ("`moka`, `u64`, with `ttl`", &numbers, "moka", "timed in moka"),
        ("`quick_cache`, `u64`", &numbers, "quick_cache", "in quick_cache"),
        ("`moka`, `&str`", &texts, "texts", "in texts"),
    ] {
        let (bare, ours) = (found.index(bare), found.index(ours));
        table.row(vec![
            name.to_owned(),
            nanos(found.nanos(bare)),
            nanos(found.nanos(ours)),
            nanos(found.difference(ours, bare)),
            times(found.ratio(ours, bare)),
        ]);
    }
    report.add("engines", "Hits over 512 keys, in a bare engine and through `engine`", &table);
}

fn of_numbers() -> Vec<Contender> {
    let numbers = &keys::numbers(ENTRIES);
    let (bare_moka, bare_quick) = (moka::<u64, u64>(), quick::<u64>());
    vec![
        Contender::hits("moka", Peer, numbers, move |&a| {
            black_box(&bare_moka).get(&a).unwrap_or_else(|| {
                bare_moka.insert(a, body::one(a));
                body::one(a)
            })
        }),
        Contender::hits("in moka", Ours, numbers, |&a| in_moka(a)),
        Contender::hits("timed in moka", Ours, numbers, |&a| timed_in_moka(a)),
        Contender::hits("quick_cache", Peer, numbers, move |&a| {
            black_box(&bare_quick).get(&a).unwrap_or_else(|| {
                bare_quick.insert(a, body::one(a));
                body::one(a)
            })
        }),
        Contender::hits("in quick_cache", Ours, numbers, |&a| in_quick_cache(a)),
    ]
}

fn of_texts() -> Vec<Contender> {
    let texts = &keys::texts(ENTRIES);
    let bare = moka::<String, u64>();
    vec![
        Contender::hits("texts", Peer, texts, move |text: &String| {
            black_box(&bare).get(text.as_str()).unwrap_or_else(|| {
                bare.insert(text.clone(), text.len() as u64);
                text.len() as u64
            })
        }),
        Contender::hits("in texts", Ours, texts, |text: &String| text_in_moka(text)),
    ]
}
