//! What does recursion through a memoized method cost?

use std::hint::black_box;

use super::goals::list;
use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Peer, Reference},
        Sample, cpu_time, measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{
        hand::Local,
        keys::Random,
        ours::{EditDistance, Fibonacci},
        peers,
    },
};

const BY_HAND: &str = "`RefCell<HashMap>`";
/// The goals of issue 10 for the edit distance: who, against whom, at most.
const GOALS: &[(&str, &str, f64)] =
    &[("memo", BY_HAND, 1.25), ("memo", "`cached`", 0.8), ("memo unsync", BY_HAND, 1.1)];

pub fn report(effort: &Effort, report: &mut Report) {
    let mut table = Table::new([
        "from an empty cache",
        "µs",
        "map by hand: µs",
        "multiple",
        "others: µs (multiple of ours)",
    ]);
    let mut goals = Table::new(["whole job", "against", "measured", "at most", "goal"]);
    let length = if effort.quick { 100 } else { 1000 };
    let long = Effort { rounds: effort.rounds.min(15), ..*effort };
    for (title, mut contenders, effort) in [
        ("`fib(90)`", fibonacci(), *effort),
        ("edit distance of two texts of 1,000", distances(length), long),
    ] {
        eprintln!("measuring: {title}");
        let found = measure(&effort, &mut contenders);
        let by_hand = found.index(BY_HAND);
        let wanted = if title.starts_with("edit") { GOALS } else { &[] };
        for &(ours, other, limit) in wanted {
            let ratio = found.ratio(found.index(ours), found.index(other));
            goals.row(vec![
                format!("{title}, {ours}"),
                other.to_owned(),
                times(ratio),
                times(limit),
                if ratio <= limit { "met" } else { "**short**" }.to_owned(),
            ]);
        }
        table.row(vec![
            title.to_owned(),
            nanos(found.nanos(0)),
            nanos(found.nanos(by_hand)),
            times(found.ratio(0, by_hand)),
            list(&found),
        ]);
    }
    report.add("jobs", "Whole jobs", &goals);
    report.add("recursion", "Recursion", &table);
}

/// Each call does the whole work on something new that `make` gives; a "nanosecond" is a microsecond.
fn whole<C: 'static>(
    name: &str,
    kind: crate::harness::Kind,
    make: impl Fn() -> C + 'static,
    work: impl Fn(&C) -> u64 + 'static,
) -> Contender {
    Contender::new(name, kind, move |calls| {
        let (mut nanos, mut sum) = (0.0, 0u64);
        // The check asks for thousands of calls, and calibration for as many; the work is large.
        let times = calls.div_ceil(1000);
        for _ in 0..times {
            let cache = make();
            let start = cpu_time();
            sum = sum.wrapping_add(work(black_box(&cache)));
            nanos += cpu_time() - start;
        }
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        Sample { nanos: nanos / 1000.0 * (calls as f64 / times as f64), sum }
    })
}

fn fibonacci() -> Vec<Contender> {
    fn by_hand(cache: &Local<u64, u64>, n: u64) -> u64 {
        cache.get(&n, || if n < 2 { n } else { by_hand(cache, n - 1) + by_hand(cache, n - 2) })
    }
    fn vector(cache: &mut Vec<u64>, n: usize) -> u64 {
        if cache[n] == 0 {
            cache[n] = if n < 2 { n as u64 } else { vector(cache, n - 1) + vector(cache, n - 2) };
        }
        cache[n]
    }
    const N: u64 = 90;
    vec![
        whole("memo", Ours, Fibonacci::new, |it| it.get(black_box(N))),
        whole("memo unsync", Ours, Fibonacci::new, |it| it.get_unsync(black_box(N))),
        whole(BY_HAND, Reference, Local::new, |it| by_hand(it, black_box(N))),
        whole("`Vec`", Reference, || (), |()| vector(&mut vec![0; 91], black_box(90))),
        whole("`cached`", Peer, peers::forget_fibonacci, |()| {
            peers::cached_fibonacci(black_box(N))
        }),
        whole("`memoize`", Peer, peers::forget_fibonacci, |()| {
            peers::memoize_fibonacci(black_box(N))
        }),
    ]
}

fn text(seed: u64, length: u32) -> Vec<u8> {
    let mut random = Random(seed);
    (0..length).map(|_| b"acgt"[(random.next() % 4) as usize]).collect()
}

fn distances(length: u32) -> Vec<Contender> {
    fn by_hand(cache: &Local<(u32, u32), u32>, left: &[u8], right: &[u8], i: u32, j: u32) -> u32 {
        cache.get(&(i, j), || {
            if i == 0 || j == 0 {
                return i + j;
            }
            let same = left[i as usize - 1] == right[j as usize - 1];
            let replaced = by_hand(cache, left, right, i - 1, j - 1) + u32::from(!same);
            let shorter = by_hand(cache, left, right, i - 1, j) + 1;
            replaced.min(shorter).min(by_hand(cache, left, right, i, j - 1) + 1)
        })
    }
    let texts = move || (text(1, length), text(2, length));
    let make = move || EditDistance::new(&texts().0, &texts().1);
    vec![
        whole("memo", Ours, make, move |it| it.get(length, length).into()),
        whole("memo unsync", Ours, make, move |it| it.get_unsync(length, length).into()),
        whole(
            BY_HAND,
            Reference,
            move || (texts(), Local::new()),
            move |((left, right), cache)| by_hand(cache, left, right, length, length).into(),
        ),
        whole("two rows", Reference, texts, |(left, right)| two_rows(left, right).into()),
        whole(
            "`cached`",
            Peer,
            move || {
                peers::forget_distances();
                texts()
            },
            move |(left, right)| peers::cached_distance(left, right, length, length).into(),
        ),
    ]
}

/// The usual program, which keeps two rows of the table.
fn two_rows(left: &[u8], right: &[u8]) -> u32 {
    let mut last: Vec<u32> = (0..).take(right.len() + 1).collect();
    let mut row = last.clone();
    for (i, a) in (1..).zip(left) {
        row[0] = i;
        for (j, b) in right.iter().enumerate() {
            row[j + 1] = (last[j] + u32::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
        }
        std::mem::swap(&mut last, &mut row);
    }
    last[right.len()]
}
