//! Hits for one number, in maps of several sizes.

use std::hint::black_box;

use super::{
    super::{Limit::Multiple, Row},
    ENTRIES,
};
use crate::{
    harness::{
        Contender, Effort, Keys,
        Kind::{Ours, Peer, Reference},
    },
    subjects::{
        body,
        hand::{Local, Locked},
        keys,
        ours::{Type, Unbounded, Unsync},
        peers,
        stores::{Moka, Papaya, Quick},
    },
};

/// The contenders for one number, but for the functions of other attributes.
pub(super) fn one_number(title: &'static str, entries: usize) -> (Row, Keys<u64>) {
    let keys = keys::numbers(entries);
    let row = Row::new(title);
    let (ours, unsync) = (Unbounded::new(), Unsync::new());
    let row = row.with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).one(a)));
    let row = row
        .with(Contender::hits("memo unsync", Ours, &keys, move |&a| black_box(&unsync).one(a)))
        .with(Contender::hits("memo type scope", Ours, &keys, |&a| Type::one(a)));
    let (local, locked) = (Local::new(), Locked::new());
    let row = row
        .with(Contender::hits("`RefCell<HashMap>`", Reference, &keys, move |a| {
            black_box(&local).get(a, || body::one(*a))
        }))
        .with(Contender::hits("`Mutex<HashMap>`", Reference, &keys, move |a| {
            black_box(&locked).get(a, || body::one(*a))
        }));
    let (quick, papaya) = (Quick::new(entries * 2), Papaya::new());
    let row = row
        .with(Contender::hits("`quick_cache`", Peer, &keys, move |&a| {
            black_box(&quick).get(a, || body::one(a))
        }))
        .with(Contender::hits("`papaya`", Peer, &keys, move |&a| {
            black_box(&papaya).get(a, || body::one(a))
        }));
    (row, keys)
}

macro_rules! with_functions {
    ($row:expr, $keys:expr, $module:ident) => {
        $row.with(Contender::hits("`cached` in_impl", Peer, $keys, |&a| {
            peers::$module::Method.get(a)
        }))
        .with(Contender::hits("`cached`", Peer, $keys, |&a| peers::$module::cached_plain(a)))
        .with(Contender::hits("`cached` concurrent", Peer, $keys, |&a| {
            peers::$module::cached_concurrent(a)
        }))
        .with(Contender::hits("`memoize`", Peer, $keys, |&a| peers::$module::memoize_local(a)))
        .with(Contender::hits("`memoize` SharedCache", Peer, $keys, |&a| {
            peers::$module::memoize_shared(a)
        }))
    };
}

pub(super) fn one(_: &Effort) -> Row {
    let (row, keys) = one_number("`u64`, 512 entries", ENTRIES);
    let moka = Moka::new(ENTRIES * 2);
    with_functions!(row, &keys, small)
        .with(Contender::hits("`moka`", Peer, &keys, move |&a| {
            black_box(&moka).get(a, || body::one(a))
        }))
        .goal("`RefCell<HashMap>`", Multiple(2.0))
        .goal_for_peers(Multiple(1.0 / 3.0))
}

/// The keys that programs have most often. How good the hash is for them differs from process to process.
pub(super) fn sequential(_: &Effort) -> Row {
    let keys = Keys::new(0..ENTRIES as u64);
    let (ours, local) = (Unbounded::new(), Local::new());
    Row::new("`u64`, 512 entries, 0 to 511")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).one(a)))
        .with(Contender::hits("`RefCell<HashMap>`", Reference, &keys, move |a| {
            black_box(&local).get(a, || body::one(*a))
        }))
        .goal("`RefCell<HashMap>`", Multiple(2.0))
}

pub(super) fn one_medium(_: &Effort) -> Row {
    let (row, keys) = one_number("`u64`, 65,536 entries", 1 << 16);
    with_functions!(row, &keys, medium)
        .goal("`Mutex<HashMap>`", Multiple(1.0))
        .goal("`RefCell<HashMap>`", Multiple(1.3))
        .longer(5)
}

pub(super) fn one_large(effort: &Effort) -> Row {
    let entries = if effort.quick { 1 << 17 } else { 1 << 20 };
    let (row, keys) = one_number("`u64`, 1,048,576 entries", entries);
    with_functions!(row, &keys, large)
        .goal("`Mutex<HashMap>`", Multiple(1.0))
        .goal("`RefCell<HashMap>`", Multiple(1.3))
        .longer(40)
}
