//! The rows: what is measured against what.

mod bounded;
mod numbers;

use std::{hint::black_box, sync::OnceLock};

use memo_runtime::__private::{ByValue, Map, MethodCache, memoize};

use self::{
    bounded::{bounded, bounded_unsync, sieve, sieve_in_threads},
    numbers::{one, one_large, one_medium, sequential},
};
use super::{
    Limit::{Extra, Multiple},
    Row,
};
use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Peer, Reference},
    },
    subjects::{
        body,
        hand::{self, Local, Locked},
        keys,
        ours::{Bounded, Generic, Special, TypeSmall, Unbounded},
        peers,
        stores::{Elsa, Moka, Papaya, Quick},
    },
};

/// The number of entries where nothing else is said.
const ENTRIES: usize = 512;
const BOUNDED: usize = 1024;

/// Makes a row, with less of it where little effort is made.
pub type Make = fn(&Effort) -> Row;

/// Those whose instructions are counted too.
pub const SINGLE: [Make; 14] = [
    none,
    one,
    text_and_number,
    three,
    slice,
    owned,
    bounded,
    bounded_unsync,
    generic,
    reference,
    stats,
    single_flight,
    single_flight_bounded,
    setter,
];

pub const ALL: [Make; 22] = [
    none,
    one,
    sequential,
    one_medium,
    one_large,
    text_and_number,
    three,
    slice,
    owned,
    bounded,
    bounded_unsync,
    sieve,
    sieve_in_threads,
    once_lock,
    generic,
    reference,
    threads,
    stats,
    single_flight,
    single_flight_bounded,
    setter,
    setter_by_method,
];

fn none(_: &Effort) -> Row {
    let (ours, by_hand) = (Special::new(), hand::Once(OnceLock::new()));
    Row::new("no arguments")
        .with(Contender::calls("memo", Ours, move |_| black_box(&ours).none()))
        .with(Contender::calls("`OnceLock` field", Reference, move |_| black_box(&by_hand).get()))
        .with(Contender::calls("`cached` once", Peer, |_| peers::cached_once()))
        .with(Contender::calls("`memoize`", Peer, |_| peers::memoize_none()))
        .goal("`OnceLock` field", Multiple(1.5))
}

fn text_and_number(_: &Effort) -> Row {
    let keys = keys::texts_and_numbers(ENTRIES);
    let (ours, by_hand) = (Unbounded::new(), hand::Borrowing::new());
    Row::new("`(&str, u32)`")
        .with(Contender::hits("memo", Ours, &keys, move |(text, number)| {
            black_box(&ours).text_and_number(text, *number)
        }))
        .with(Contender::hits("`RefCell<HashMap>`", Reference, &keys, move |(text, number)| {
            black_box(&by_hand).get(
                &hand::TextAndNumber(text, *number),
                || (text.clone(), *number),
                || body::text_and_number(text, *number),
            )
        }))
        .with(Contender::hits("`cached` in_impl", Peer, &keys, |(text, number)| {
            peers::Method.text_and_number(text, *number)
        }))
        .with(Contender::hits("`cached`", Peer, &keys, |(text, number)| {
            peers::cached_text_and_number(text, *number)
        }))
        .with(Contender::hits("`memoize`", Peer, &keys, |(text, number)| {
            peers::memoize_text_and_number(text.clone(), *number)
        }))
        .goal("`cached`", Multiple(1.0 / 3.0))
}

fn three(_: &Effort) -> Row {
    let keys = keys::triples(ENTRIES);
    let (ours, local, locked) = (Unbounded::new(), Local::new(), Locked::new());
    Row::new("three `u64`")
        .with(Contender::hits("memo", Ours, &keys, move |&(a, b, c)| {
            black_box(&ours).three(a, b, c)
        }))
        .with(Contender::hits("`RefCell<HashMap>`", Reference, &keys, move |key| {
            black_box(&local).get(key, || body::three(key.0, key.1, key.2))
        }))
        .with(Contender::hits("`Mutex<HashMap>`", Reference, &keys, move |key| {
            black_box(&locked).get(key, || body::three(key.0, key.1, key.2))
        }))
        .with(Contender::hits("`cached` in_impl", Peer, &keys, |&(a, b, c)| {
            peers::Method.three(a, b, c)
        }))
        .with(Contender::hits("`memoize`", Peer, &keys, |&(a, b, c)| peers::memoize_three(a, b, c)))
        .goal("`RefCell<HashMap>`", Multiple(1.5))
}

fn slice(_: &Effort) -> Row {
    let keys = keys::slices(ENTRIES);
    let (ours, by_hand) = (Unbounded::new(), hand::Borrowing::new());
    Row::new("`&[f64]` of 8")
        .with(Contender::hits("memo", Ours, &keys, move |terms| black_box(&ours).slice(terms)))
        .with(Contender::hits("`RefCell<HashMap>`", Reference, &keys, move |terms| {
            black_box(&by_hand).get(
                &hand::Terms(&terms[..]),
                || hand::Terms(terms.to_vec()),
                || body::slice(terms),
            )
        }))
        .with(Contender::hits("`cached` in_impl", Peer, &keys, |terms| peers::Method.slice(terms)))
        .goal("`RefCell<HashMap>`", Multiple(1.5))
}

fn owned(_: &Effort) -> Row {
    let keys = keys::texts(ENTRIES);
    let (ours, local, locked) =
        (Unbounded::new(), Local::<String, u64>::new(), Locked::<String, u64>::new());
    Row::new("`String` by value")
        .with(Contender::hits_by_value("memo", Ours, &keys, move |text| {
            black_box(&ours).owned(text)
        }))
        .with(Contender::hits_by_value(
            "`RefCell<HashMap>`",
            Reference,
            &keys,
            move |text: String| black_box(&local).get(text.as_str(), || body::text(&text)),
        ))
        .with(Contender::hits_by_value(
            "`Mutex<HashMap>`",
            Reference,
            &keys,
            move |text: String| black_box(&locked).get(text.as_str(), || body::text(&text)),
        ))
        .with(Contender::hits_by_value("`cached` in_impl", Peer, &keys, |text| {
            peers::Method.owned(text)
        }))
        .with(Contender::hits_by_value("`memoize`", Peer, &keys, peers::memoize_owned))
        .goal("`RefCell<HashMap>`", Multiple(1.5))
}

/// The store of a type-scoped function as it would be without the `OnceLock` that its expansion names.
fn plain_static(a: u64) -> u64 {
    static CACHE: Map<(ByValue<u64>,), u64> = Map::new();
    memoize(MethodCache::of(&CACHE)).call((a,), |(a,)| body::one(a))
}

fn once_lock(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    Row::new("type scope, through its `OnceLock`")
        .with(Contender::hits("memo", Ours, &keys, |&a| TypeSmall::one(a)))
        .with(Contender::hits("memo, a plain `static`", Reference, &keys, |&a| plain_static(a)))
        .goal("memo, a plain `static`", Extra(0.5))
}

fn generic(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    Row::new("generic type scope")
        .with(Contender::hits("memo", Ours, &keys, |&a| Generic::<u32>::one(a)))
        .with(Contender::hits("memo, not generic", Reference, &keys, |&a| TypeSmall::one(a)))
        .goal("memo, not generic", Extra(2.5))
}

fn reference(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, elsa) = (Special::new(), Elsa::new());
    Row::new("`returns = \"ref\"`, 4 KiB")
        .with(Contender::hits("memo", Ours, &keys, move |&a| {
            u64::from(black_box(black_box(&ours).large(a)).0[0])
        }))
        .with(Contender::hits("`elsa`", Peer, &keys, move |&a| {
            u64::from(black_box(black_box(&elsa).get(a, || body::large(a))).0[0])
        }))
        .goal("`elsa`", Multiple(1.0))
}

fn threads(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let in_threads = |threads| {
        move |name, ours| {
            Contender::in_threads(
                name,
                ours,
                threads,
                &keys::numbers(ENTRIES),
                Unbounded::new(),
                |it, &a| it.one(a),
            )
        }
    };
    Row::new("two threads on one cache")
        .with(in_threads(2)("memo", Ours))
        .with(in_threads(1)("memo, one thread", Reference))
        .with(Contender::in_threads(
            "`Mutex<HashMap>`",
            Reference,
            2,
            &keys,
            Locked::new(),
            |it, a| it.get(a, || body::one(*a)),
        ))
        .with(Contender::in_threads("`cached` in_impl", Peer, 2, &keys, (), |(), &a| {
            peers::threads::Method.get(a)
        }))
        .with(Contender::in_threads("`cached` concurrent", Peer, 2, &keys, (), |(), &a| {
            peers::threads::cached_concurrent(a)
        }))
        .with(Contender::in_threads("`memoize` SharedCache", Peer, 2, &keys, (), |(), &a| {
            peers::threads::memoize_shared(a)
        }))
        .with(Contender::in_threads(
            "`quick_cache`",
            Peer,
            2,
            &keys,
            Quick::new(ENTRIES * 2),
            |it, &a| it.get(a, || body::one(a)),
        ))
        .with(Contender::in_threads("`moka`", Peer, 2, &keys, Moka::new(ENTRIES * 2), |it, &a| {
            it.get(a, || body::one(a))
        }))
        .with(Contender::in_threads("`papaya`", Peer, 2, &keys, Papaya::new(), |it, &a| {
            it.get(a, || body::one(a))
        }))
        .goal("memo, one thread", Multiple(1.2))
}

fn stats(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, without) = (Special::new(), Unbounded::new());
    Row::new("`stats`")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).counted(a)))
        .with(Contender::hits("memo without", Reference, &keys, move |&a| {
            black_box(&without).one(a)
        }))
        .goal("memo without", Extra(6.0))
}

fn single_flight(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, without) = (Special::new(), Unbounded::new());
    Row::new("`single_flight`")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).single(a)))
        .with(Contender::hits("memo without", Reference, &keys, move |&a| {
            black_box(&without).one(a)
        }))
        .goal("memo without", Extra(0.5))
}

fn single_flight_bounded(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, without) = (Special::new(), Bounded::new());
    Row::new("`single_flight`, `capacity`")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).single_bounded(a)))
        .with(Contender::hits("memo without", Reference, &keys, move |&a| {
            black_box(&without).one(a)
        }))
        .goal("memo without", Extra(0.5))
}

fn setter(_: &Effort) -> Row {
    let (mut ours, mut plain) = (Special::new(), hand::Plain::new());
    Row::new("setter, empty caches")
        .with(Contender::calls("memo", Ours, move |number| {
            black_box(&mut ours).set(number);
            ours.value()
        }))
        .with(Contender::calls("bare setter", Reference, move |number| {
            black_box(&mut plain).set(number);
            plain.value()
        }))
        .goal("bare setter", Extra(1.0))
}

fn setter_by_method(_: &Effort) -> Row {
    let (mut ours, mut plain) = (Special::new(), hand::Plain::new());
    Row::new("setter that calls a method, empty caches")
        .with(Contender::calls("memo", Ours, move |number| {
            black_box(&mut ours).set_by_method(number);
            ours.value()
        }))
        .with(Contender::calls("bare setter", Reference, move |number| {
            black_box(&mut plain).set_by_method(number);
            plain.value()
        }))
        .goal("bare setter", Extra(1.0))
}
