//! How much memory does it take?

use std::{collections::HashMap, fs, hint::black_box};

use foldhash::fast::RandomState;

use super::goals::rows;
use crate::{
    allocations::{bytes_of, calls, live},
    harness::{Contender, Effort, Kind},
    report::{Report, Table, number, times},
    subjects::{
        body,
        ours::{BoundedUnsync, Roomy, Special, Unbounded, Unsync},
    },
};

/// The goal of issue 10 for the bytes of an entry.
const AT_MOST: f64 = 1.1;

pub fn report(effort: &Effort, report: &mut Report) {
    report.add("memory", "Memory", &memory(effort));
    report.add("allocations", "Allocations in a hit", &allocations(effort));
}

fn memory(effort: &Effort) -> Table {
    let mut table = Table::new(["what", "measured", "at most", "met"]);
    let mut row = |what: &str, measured: String, limit: String, met: bool| {
        let met = if met { "yes" } else { "**no**" };
        table.row(vec![what.to_owned(), measured, limit, met.to_owned()]);
    };

    let ((), heap) = bytes_of(|| std::mem::forget(black_box(Special::new())));
    let field = size_of::<Special>() - size_of::<u64>();
    let found = format!("{field} bytes, {heap} on the heap");
    row(
        "cold instance with three memoized methods",
        found,
        "8 bytes, 0 on the heap".to_owned(),
        field <= 8 && heap == 0,
    );

    let many = if effort.quick { 100_000 } else { 1_000_000 };
    for entries in [1000, many] {
        let map = bytes_of(|| {
            let mut map = HashMap::with_hasher(RandomState::default());
            for key in 0..entries {
                map.insert(key, body::one(key));
            }
            map
        });
        let ours = [
            ("unbounded", bytes_of(|| filled(Unbounded::new(), entries, Unbounded::one)).1),
            ("`unsync`", bytes_of(|| filled(Unsync::new(), entries, Unsync::one)).1),
        ];
        for (name, bytes) in ours {
            let ratio = quotient(bytes, map.1);
            let of = |bytes| quotient(bytes, entries.cast_signed());
            row(
                &format!(
                    "bytes of an entry, {} `u64 -> u64`, {name}",
                    number(entries.cast_signed())
                ),
                format!("{:.1} (`HashMap` {:.1}): {}", of(bytes), of(map.1), times(ratio)),
                times(AT_MOST),
                ratio <= AT_MOST,
            );
        }
    }

    let (roomy, cold) = bytes_of(Roomy::new);
    let (_, warm) = bytes_of(|| black_box(roomy.bounded(1)));
    let found = format!("{} bytes, {} after one call", number(cold), number(warm));
    row(
        "`capacity = 1_000_000` before its use",
        found,
        "0 bytes, 2,048 after one call".to_owned(),
        cold == 0 && warm <= 2048,
    );

    let rounds = if effort.quick { 100 } else { 1000 };
    let unbounded = Unbounded::new();
    rounds_of(
        "unbounded",
        rounds,
        &mut row,
        |key| unbounded.one(key),
        || unbounded.one_cache().clear(),
    );
    let unsync = Unsync::new();
    rounds_of("`unsync`", rounds, &mut row, |key| unsync.one(key), || unsync.one_cache().clear());
    let bounded = BoundedUnsync::new();
    rounds_of(
        "`capacity`, `unsync`",
        rounds,
        &mut row,
        |key| bounded.one(key),
        || bounded.one_cache().clear(),
    );
    let roomy = Roomy::new();
    rounds_of(
        "`capacity`",
        rounds,
        &mut row,
        |key| roomy.bounded(key),
        || roomy.bounded_cache().clear(),
    );
    rounds_of(
        "unbounded, each removed",
        rounds,
        &mut row,
        |key| unbounded.one(key),
        || {
            for key in 0..ENTRIES {
                unbounded.one_cache().remove((key,));
            }
        },
    );
    table
}

fn filled<C>(cache: C, entries: u64, call: impl Fn(&C, u64) -> u64) -> C {
    for key in 0..entries {
        call(&cache, key);
    }
    cache
}

const ENTRIES: u64 = 10_000;

/// Fills and empties a cache again and again: is it as small in the end as after the first few times?
fn rounds_of(
    name: &str,
    rounds: u32,
    row: &mut impl FnMut(&str, String, String, bool),
    call: impl Fn(u64) -> u64,
    clear: impl Fn(),
) {
    let mut first = (0, 0);
    for round in 0..rounds {
        for key in 0..ENTRIES {
            call(key);
        }
        clear();
        if round == 9 {
            first = (live(), resident());
        }
    }
    let grown = live() - first.0;
    let pages = (resident() - first.1) / 1024;
    row(
        &format!("{rounds} rounds of 10,000 entries, cleared: {name}"),
        format!("{} bytes more, {} KiB more resident", number(grown), number(pages)),
        "0 bytes, 256 KiB".to_owned(),
        grown <= 0 && pages <= 256,
    );
}

/// The bytes that the process has in memory; 0 where that is not known.
fn resident() -> i64 {
    let pages = fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|pages| pages.split(' ').nth(1)?.parse().ok());
    pages.map_or(0, |pages: i64| pages * 4096)
}

#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
fn quotient(left: i64, right: i64) -> f64 {
    left as f64 / right as f64
}

fn allocations(effort: &Effort) -> Table {
    const CALLS: u64 = 1000;
    let mut table = Table::new(["hit", "memo", "others that allocate: allocations in a hit"]);
    for make in rows::SINGLE {
        let mut row = make(effort);
        let found: Vec<_> = row
            .contenders
            .iter_mut()
            .map(|it| (in_hit(it, CALLS), it.kind, it.name.clone()))
            .collect();
        let ours = found
            .iter()
            .filter(|(_, kind, _)| *kind == Kind::Ours)
            .map(|it| it.0)
            .fold(0.0, f64::max);
        let others = found.iter().filter(|(count, kind, _)| *kind != Kind::Ours && *count > 0.0);
        let others: Vec<_> = others.map(|(count, _, name)| format!("{name} {count:.1}")).collect();
        table.row(vec![row.title.to_owned(), format!("{ours:.1}"), others.join(", ")]);
    }
    table
}

/// The harness allocates as well, but not more if there are more calls; by-value keys are the caller's.
fn in_hit(contender: &mut Contender, count: u64) -> f64 {
    let of = |contender: &mut Contender, count| {
        let before = calls();
        contender.run(count);
        (calls() - before).cast_signed()
    };
    let few = of(contender, count);
    let more = of(contender, count * 2);
    quotient(more - few, count.cast_signed())
}
