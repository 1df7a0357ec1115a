//! What does a bounded cache cost that is too small for its keys?

use std::hint::black_box;

use crate::{
    harness::{
        Contender, Effort, Keys,
        Kind::{self, Ours, Peer, Reference},
        measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{
        body,
        hand::{LocalLru, LockedLru},
        keys,
        ours::{Mixed, MixedType},
        peers::mixed,
        stores::{Moka, Quick},
    },
};

const CAPACITY: usize = 1000;
const KEYS: u32 = 10_000;
const DRAWS: usize = 1 << 16;
/// The goal of issue 10: against whom, at most.
const BY_HAND: &str = "`Mutex<LruCache>`";
const AT_MOST: f64 = 0.9;

pub fn report(effort: &Effort, report: &mut Report) {
    eprintln!("measuring: a mix of hits and misses");
    let mut contenders = contenders(&keys::zipf(KEYS, DRAWS));
    let found = measure(&effort.longer(10), &mut contenders);
    let mut table = Table::new(["bounded cache", "ns", "multiple of `memo`", "hits", "with scans"]);
    let scanned = hits(&mut self::contenders(&keys::zipf_with_scans(KEYS, DRAWS, CAPACITY)));
    let hits = hits(&mut contenders).into_iter().zip(scanned);
    for ((index, name, _), (hits, scanned)) in found.names().zip(hits) {
        table.row(vec![
            name.to_owned(),
            nanos(found.nanos(index)),
            times(found.ratio(index, 0)),
            format!("{hits:.1} %"),
            format!("{scanned:.1} %"),
        ]);
    }
    let ratio = found.ratio(0, found.index(BY_HAND));
    let mut goal =
        Table::new(["bounded cache that is too small", "against", "measured", "at most", "goal"]);
    goal.row(vec![
        "memo".to_owned(),
        BY_HAND.to_owned(),
        times(ratio),
        times(AT_MOST),
        if ratio <= AT_MOST { "met" } else { "**short**" }.to_owned(),
    ]);
    report.add("mixed-goal", "A bounded cache that is too small", &goal);
    report.add(
        "mixed",
        "Zipf (exponent 1) over 10,000 `u64`, capacity 1,000, trivial body",
        &table,
    );
}

/// How many of a hundred calls each of them answers from its cache.
fn hits(contenders: &mut [Contender]) -> Vec<f64> {
    let share = |contender: &mut Contender| {
        // Once to fill it.
        contender.run(DRAWS as u64);
        let calls = 4 * DRAWS as u64;
        let before = body::runs();
        contender.run(calls);
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        let missed = (body::runs() - before) as f64 / calls as f64;
        100.0 - 100.0 * missed
    };
    contenders.iter_mut().map(share).collect()
}

fn contenders(keys: &Keys<u64>) -> Vec<Contender> {
    let contender = |name, kind: Kind, call: Box<dyn Fn(u64) -> u64>| {
        Contender::hits(name, kind, keys, move |&a| call(a))
    };
    let (ours, unsync) = (Mixed::new(), Mixed::new());
    let (locked, local) = (LockedLru::new(CAPACITY), LocalLru::new(CAPACITY));
    let (quick, moka) = (Quick::new(CAPACITY), Moka::new(CAPACITY));
    vec![
        contender("memo", Ours, Box::new(move |a| black_box(&ours).get(a))),
        contender("memo unsync", Ours, Box::new(move |a| black_box(&unsync).get_unsync(a))),
        contender("memo type scope", Ours, Box::new(MixedType::get)),
        contender("memo type scope, `sieve`", Ours, Box::new(MixedType::get_sieved)),
        contender(
            BY_HAND,
            Reference,
            Box::new(move |a| black_box(&locked).get(a, || body::counted(a))),
        ),
        contender(
            "`RefCell<LruCache>`",
            Reference,
            Box::new(move |a| black_box(&local).get(a, || body::counted(a))),
        ),
        contender("`cached` max_size", Peer, Box::new(mixed::cached_bounded)),
        contender("`cached` concurrent max_size", Peer, Box::new(mixed::cached_concurrent_bounded)),
        contender("`memoize` Capacity", Peer, Box::new(mixed::memoize_bounded)),
        contender("`memoize` SharedCache Capacity", Peer, Box::new(mixed::memoize_shared_bounded)),
        contender(
            "`quick_cache`",
            Peer,
            Box::new(move |a| black_box(&quick).get(a, || body::counted(a))),
        ),
        contender("`moka`", Peer, Box::new(move |a| black_box(&moka).get(a, || body::counted(a)))),
    ]
}
