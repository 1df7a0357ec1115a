//! What does a hit cost, by the shape of the signature and by store?

use std::hint::black_box;

use crate::{
    harness::{
        Contender, Effort, Keys,
        Kind::{Ours, Reference},
        Times, measure,
    },
    report::{Report, Table, nanos, times},
    subjects::{
        body,
        hand::{self, Borrowing, Local},
        keys,
        ours::{
            Bounded, BoundedUnsync, Generic, Type, TypeBounded, TypeSieved, TypeUnsync, Unbounded,
            Unsync,
        },
    },
};

const ENTRIES: usize = 512;

/// The names of the columns, in the order of `shape!`.
const STORES: [&str; 9] = [
    "unbounded",
    "`unsync`",
    "`capacity`",
    "`capacity`, `unsync`",
    "type",
    "type, generic",
    "type, `unsync`",
    "type, `capacity`",
    "type, `sieve`",
];

/// A row: one method on all stores.
macro_rules! shape {
    ($title:literal, $keys:expr, $run:ident, |$key:pat_param| $method:ident($($argument:expr),*) $(.$result:ident)?, $by_hand:expr) => {{
        let keys: Keys<_> = $keys;
        let (unbounded, unsync) = (Unbounded::new(), Unsync::new());
        let (bounded, both) = (Bounded::new(), BoundedUnsync::new());
        let contenders = vec![
            Contender::$run(STORES[0], Ours, &keys, move |$key| black_box(&unbounded).$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[1], Ours, &keys, move |$key| black_box(&unsync).$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[2], Ours, &keys, move |$key| black_box(&bounded).$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[3], Ours, &keys, move |$key| black_box(&both).$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[4], Ours, &keys, |$key| Type::$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[5], Ours, &keys, |$key| Generic::<u32>::$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[6], Ours, &keys, |$key| TypeUnsync::$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[7], Ours, &keys, |$key| TypeBounded::$method($($argument),*)$(.$result())?),
            Contender::$run(STORES[8], Ours, &keys, |$key| TypeSieved::$method($($argument),*)$(.$result())?),
            Contender::$run("by hand", Reference, &keys, $by_hand),
        ];
        ($title, contenders)
    }};
}

/// The first byte of a large result, so that it is a number like the others.
trait First {
    fn first(self) -> u64;
}
impl First for body::Large {
    fn first(self) -> u64 {
        black_box(&self).0[0].into()
    }
}

type Row = (&'static str, Vec<Contender>);

fn rows() -> [fn() -> Row; 8] {
    [one, two, three, text, text_and_number, slice, owned, large]
}

fn one() -> Row {
    let by_hand = Local::new();
    shape!("`u64`", keys::numbers(ENTRIES), hits, |&a| one(a), move |a| {
        black_box(&by_hand).get(a, || body::one(*a))
    })
}

fn two() -> Row {
    let by_hand = Local::new();
    shape!("`u64, u64`", keys::pairs(ENTRIES), hits, |&(a, b)| two(a, b), move |key| {
        black_box(&by_hand).get(key, || body::three(key.0, key.1, 0))
    })
}

fn three() -> Row {
    let by_hand = Local::new();
    shape!(
        "`u64, u64, u64`",
        keys::triples(ENTRIES),
        hits,
        |&(a, b, c)| three(a, b, c),
        move |key| { black_box(&by_hand).get(key, || body::three(key.0, key.1, key.2)) }
    )
}

fn text() -> Row {
    let by_hand = Local::<String, u64>::new();
    shape!("`&str`", keys::texts(ENTRIES), hits, |key| text(key), move |key| {
        black_box(&by_hand).get(key.as_str(), || body::text(key))
    })
}

fn text_and_number() -> Row {
    let by_hand = Borrowing::new();
    shape!(
        "`&str, u32`",
        keys::texts_and_numbers(ENTRIES),
        hits,
        |(text, number)| text_and_number(text, *number),
        move |(text, number)| {
            black_box(&by_hand).get(
                &hand::TextAndNumber(text, *number),
                || (text.clone(), *number),
                || body::text_and_number(text, *number),
            )
        }
    )
}

fn slice() -> Row {
    let by_hand = Borrowing::new();
    shape!("`&[f64]` of 8", keys::slices(ENTRIES), hits, |key| slice(key), move |key| {
        black_box(&by_hand).get(
            &hand::Terms(&key[..]),
            || hand::Terms(key.to_vec()),
            || body::slice(key),
        )
    })
}

fn owned() -> Row {
    let by_hand = Local::<String, u64>::new();
    shape!("`String`", keys::texts(ENTRIES), hits_by_value, |key| owned(key), move |key: String| {
        black_box(&by_hand).get(key.as_str(), || body::text(&key))
    })
}

fn large() -> Row {
    let by_hand = Local::new();
    // Fewer, so that the copies stay near.
    shape!("`u64`, result of 4 KiB", keys::numbers(64), hits, |&a| large(a).first, move |a| {
        black_box(&by_hand).get(a, || body::large(*a)).first()
    })
}

pub fn report(effort: &Effort, report: &mut Report) {
    let mut head = vec!["hit".to_owned(), "`RefCell<HashMap>`".to_owned()];
    head.extend(STORES.map(str::to_owned));
    let mut table = Table::of(head);
    for make in rows() {
        let (title, mut contenders) = make();
        eprintln!("measuring: {title} on all stores");
        let found = measure(effort, &mut contenders);
        let by_hand = found.index("by hand");
        let mut row = vec![title.to_owned(), format!("{} ns", nanos(found.nanos(by_hand)))];
        row.extend((0..STORES.len()).map(|index| cell(&found, index, by_hand)));
        table.row(row);
    }
    report.add("stores", "Hits by signature and store: ns (multiple of the map by hand)", &table);
}

fn cell(found: &Times, index: usize, by_hand: usize) -> String {
    format!("{} ({})", nanos(found.nanos(index)), times(found.ratio(index, by_hand)))
}
