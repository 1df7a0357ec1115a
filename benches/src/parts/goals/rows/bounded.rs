//! Hits in bounded stores.

use std::hint::black_box;

use super::{
    super::{Limit::Multiple, Row},
    BOUNDED, ENTRIES,
};
use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Peer, Reference},
    },
    subjects::{
        body,
        hand::{BareLru, LocalLru, LockedLru},
        keys,
        ours::{Bounded, BoundedUnsync, TypeSieved, TypeSmall},
        peers,
        stores::{Moka, Quick},
    },
};

pub(super) fn bounded(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, by_hand, mut bare) =
        (Bounded::new(), LockedLru::new(BOUNDED), BareLru::new(BOUNDED));
    let (quick, moka) = (Quick::new(BOUNDED), Moka::new(BOUNDED));
    Row::new("`capacity`, thread-safe")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).one(a)))
        .with(Contender::hits("`Mutex<LruCache>`", Reference, &keys, move |&a| {
            black_box(&by_hand).get(a, || body::one(a))
        }))
        .with(Contender::hits("`LruCache`, exclusive", Reference, &keys, move |&a| {
            black_box(&mut bare).get(a, || body::one(a))
        }))
        .with(Contender::hits("`cached` max_size", Peer, &keys, |&a| {
            peers::small::cached_bounded(a)
        }))
        .with(Contender::hits("`cached` concurrent max_size", Peer, &keys, |&a| {
            peers::small::cached_concurrent_bounded(a)
        }))
        .with(Contender::hits("`memoize` SharedCache Capacity", Peer, &keys, |&a| {
            peers::small::memoize_shared_bounded(a)
        }))
        .with(Contender::hits("`quick_cache`", Peer, &keys, move |&a| {
            black_box(&quick).get(a, || body::one(a))
        }))
        .with(Contender::hits("`moka`", Peer, &keys, move |&a| {
            black_box(&moka).get(a, || body::one(a))
        }))
        .goal("`Mutex<LruCache>`", Multiple(0.5))
}

pub(super) fn sieve(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    Row::new("`policy = \"sieve\"`")
        .with(Contender::hits("memo", Ours, &keys, |&a| TypeSieved::one(a)))
        .with(Contender::hits("memo unbounded", Reference, &keys, |&a| TypeSmall::one(a)))
        .goal("memo unbounded", Multiple(1.5))
}

pub(super) fn sieve_in_threads(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let one = |(): &(), a: &u64| TypeSieved::one(*a);
    Row::new("`policy = \"sieve\"`, two threads")
        .with(Contender::in_threads("memo", Ours, 2, &keys, (), one))
        .with(Contender::in_threads("memo, one thread", Ours, 1, &keys, (), one))
        .goal("memo, one thread", Multiple(1.1))
}

pub(super) fn bounded_unsync(_: &Effort) -> Row {
    let keys = keys::numbers(ENTRIES);
    let (ours, by_hand) = (BoundedUnsync::new(), LocalLru::new(BOUNDED));
    Row::new("`capacity`, `unsync`")
        .with(Contender::hits("memo", Ours, &keys, move |&a| black_box(&ours).one(a)))
        .with(Contender::hits("`RefCell<LruCache>`", Reference, &keys, move |&a| {
            black_box(&by_hand).get(a, || body::one(a))
        }))
        .with(Contender::hits("`memoize` Capacity", Peer, &keys, |&a| {
            peers::small::memoize_bounded(a)
        }))
        .goal("`RefCell<LruCache>`", Multiple(1.3))
}
