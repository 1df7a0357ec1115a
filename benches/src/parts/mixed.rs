//! What does a bounded cache cost that is too small for its keys?

use std::hint::black_box;

use crate::{
    harness::{
        Contender, Effort,
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

pub fn report(effort: &Effort, report: &mut Report) {
    eprintln!("measuring: a mix of hits and misses");
    let mut contenders = contenders();
    let found = measure(&effort.longer(10), &mut contenders);
    let mut table = Table::new(["bounded cache", "ns", "multiple of `memo`", "hits"]);
    for (index, name, _) in found.names() {
        let calls = 1 << 18;
        let before = body::runs();
        contenders[index].run(calls);
        let misses = body::runs() - before;
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        let hits = 100.0 - 100.0 * misses as f64 / calls as f64;
        table.row(vec![
            name.to_owned(),
            nanos(found.nanos(index)),
            times(found.ratio(index, 0)),
            format!("{hits:.1} %"),
        ]);
    }
    report.add(
        "mixed",
        "Zipf (exponent 1) over 10,000 `u64`, capacity 1,000, trivial body",
        &table,
    );
}

fn contenders() -> Vec<Contender> {
    let keys = &keys::zipf(KEYS, 1 << 16);
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
            "`Mutex<LruCache>`",
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
