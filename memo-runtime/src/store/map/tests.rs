use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use super::*;
use crate::{
    info::Stats,
    key::{ByValue, KeyType},
    store::{Local, mode::Mode},
};

mod both;

/// A number as a key of which every `BY` that follow each other have one hash; all of them if that is 0.
struct Grouped<const BY: u64>;

impl<const BY: u64> KeyPart for Grouped<BY> {
    type Stored = u64;
    fn copies() -> Option<crate::key::Copies<u64>> {
        crate::key::Copies::known()
    }
}
impl<const BY: u64> KeyType for Grouped<BY> {
    type Arg<'x> = u64;
    fn hash_stored<H: Hasher>(stored: &u64, hasher: &mut H) {
        stored.checked_div(BY).hash(hasher);
    }
    fn same(left: &u64, right: &u64) -> bool {
        left == right
    }
}
impl<const BY: u64> Lookup<Grouped<BY>> for u64 {
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        Grouped::<BY>::hash_stored(self, hasher);
    }
    fn matches(&self, stored: &u64) -> bool {
        self == stored
    }
    fn into_stored(self) -> u64 {
        self
    }
}

type Numbers = Map<(ByValue<u64>,), u64>;
fn hash(n: u64) -> u64 {
    Numbers::hash(&(n,))
}
fn hash_by<const BY: u64>(n: u64) -> u64 {
    Map::<(Grouped<BY>,), u64>::hash(&(n,))
}

/// What a memoized call does, with a body that maps `n` to `value`.
fn call<K: KeyType, V: Clone, M: Metrics, P: Clones, S: Mode, A: Lookup<K> + Clone>(
    map: &Table<K, V, M, P, S>,
    hash: u64,
    args: A,
    body: impl FnOnce() -> V,
) -> V {
    if let Some(value) = map.hit(hash, &args) {
        return value;
    }
    let ticket = map.begin(hash);
    let value = body();
    match map.keep(ticket, hash, args.into_stored(), value.clone()) {
        Kept::Present(value) => value,
        Kept::Stored | Kept::Declined => value,
    }
}

#[test]
fn a_map_is_two_pointers() {
    assert_eq!(size_of::<Numbers>(), 2 * size_of::<usize>());
    assert_eq!(size_of::<KeptMap<(ByValue<String>,), [u64; 9], Stats>>(), 2 * size_of::<usize>());
}

#[test]
fn auto_traits_follow_keys_and_values() {
    fn all<T: Send + Sync + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    all::<Map<(ByValue<String>,), Vec<u8>>>();
    all::<KeptMap<(ByValue<String>,), Vec<u8>, Stats>>();
}

/// Counts how many of its kind there are.
struct Counted<'a> {
    n: u64,
    alive: &'a AtomicI64,
}

impl<'a> Counted<'a> {
    fn new(n: u64, alive: &'a AtomicI64) -> Self {
        alive.fetch_add(1, SeqCst);
        Self { n, alive }
    }
}
impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        Self::new(self.n, self.alive)
    }
}
impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, SeqCst);
    }
}
impl PartialEq for Counted<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n
    }
}
impl Eq for Counted<'_> {}
impl Hash for Counted<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.n.hash(hasher);
    }
}

#[test]
fn what_is_forgotten_is_dropped_exactly_once() {
    let alive = AtomicI64::new(0);
    let make = |n| Counted::new(n, &alive);
    let mut map = Map::<(ByValue<Counted<'_>>,), Counted<'_>>::new();
    for round in 0..3 {
        for n in 0..500 {
            call(&map, hash(n), (make(n),), || make(n));
        }
        assert_eq!(alive.load(SeqCst), 1000);
        for n in 0..100 {
            assert!(map.remove(hash(n), &(make(n),)));
        }
        for n in 100..200 {
            map.insert(hash(n), (make(n),), make(n + 1));
            assert_eq!(map.peek(hash(n), &(make(n),)).unwrap().n, n + 1);
        }
        map.insert(hash(1000), (make(1000),), make(1));
        if round == 1 {
            drop(std::mem::take(&mut map));
        } else if round == 0 {
            map.clear();
            assert_eq!(alive.load(SeqCst), 0);
        }
    }
    drop(map);
    assert_eq!(alive.load(SeqCst), 0);
}

#[test]
fn a_reader_that_forgets_what_it_clones_keeps_it() {
    thread_local!(static MAP: Map<(ByValue<u64>,), Loud> = const { Map::new() });
    struct Loud(Vec<u64>);
    impl Clone for Loud {
        fn clone(&self) -> Self {
            MAP.with(|map| {
                map.clear();
                map.insert(hash(1), (1,), Loud(vec![9]));
                map.insert(hash(1), (1,), Loud(vec![10]));
                map.remove(hash(1), &(1,));
                for n in 0..100 {
                    map.keep_raw(n);
                }
                map.clear();
            });
            Loud(self.0.clone())
        }
    }
    impl Drop for Loud {
        fn drop(&mut self) {
            // Not while the thread ends.
            let _ = MAP.try_with(|map| map.contains(hash(1), &(1,)));
        }
    }
    impl Map<(ByValue<u64>,), Loud> {
        fn keep_raw(&self, n: u64) {
            self.insert(hash(n), (n,), Loud(vec![n]));
        }
    }
    MAP.with(|map| {
        for n in 0..10 {
            map.insert(hash(1), (1,), Loud(vec![n, n]));
            assert_eq!(map.hit(hash(1), &(1,)).unwrap().0, [n, n]);
            assert_eq!(map.info().len.unwrap(), 0);
        }
    });
}

#[test]
fn eq_may_use_the_map_and_may_panic() {
    thread_local! {
        static MAP: Map<(ByValue<Key>,), u64> = const { Map::new() };
        static PANIC: Cell<bool> = const { Cell::new(false) };
        static INSIDE: Cell<bool> = const { Cell::new(false) };
    }
    #[derive(Clone)]
    struct Key(u64, bool);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            assert!(!PANIC.get(), "as asked");
            if self.1 && !INSIDE.replace(true) {
                MAP.with(|map| {
                    map.insert(5, (Key(100 + other.0, false),), 1);
                    map.remove(5, &(Key(100 + other.0, false),));
                });
                INSIDE.set(false);
            }
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl Hash for Key {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    MAP.with(|map| {
        for n in 0..10 {
            // The removal inside `Eq` is of an equal hash, so it may be declined.
            assert_eq!(call(map, 5, (Key(n, true),), || n), n);
            map.insert(5, (Key(n, true),), n);
        }
        for n in 0..10 {
            assert_eq!(map.hit(5, &(Key(n, true),)), Some(n));
            map.insert(5, (Key(n, true),), n + 1);
        }
        PANIC.set(true);
        for n in 0..20 {
            let key = || Key(n, false);
            assert!(catch_unwind(|| map.hit(5, &(key(),))).is_err());
            assert!(catch_unwind(|| map.keep(map.begin(5), 5, (key(),), 7)).is_err());
            assert!(catch_unwind(|| map.insert(5, (key(),), 7)).is_err());
            assert!(catch_unwind(|| map.remove(5, &(key(),))).is_err());
        }
        PANIC.set(false);
        for n in 0..10 {
            assert!(map.remove(5, &(Key(n, true),)));
        }
        assert_eq!(map.info().len.unwrap(), 0);
    });
}

#[test]
fn an_entry_is_not_taken_for_one_that_was_there_before_a_clearing() {
    thread_local! {
        static MAP: Map<(ByValue<Key>,), u64> = const { Map::new() };
        static CLEAR: Cell<bool> = const { Cell::new(false) };
    }
    #[derive(Clone)]
    struct Key(u64);
    impl Hash for Key {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            if CLEAR.replace(false) {
                MAP.with(|map| {
                    map.clear();
                    map.insert(5, (Key(2),), 3);
                });
            }
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    MAP.with(|map| {
        map.insert(5, (Key(1),), 1);
        CLEAR.set(true);
        map.insert(5, (Key(2),), 2);
        assert_eq!(map.info().len.unwrap(), 1);
        assert_eq!(map.hit(5, &(Key(2),)), Some(2));
    });
}

#[test]
fn a_panicking_drop_or_clone_leaves_the_map_usable() {
    fn run(body: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(body)).is_err()
    }
    struct Bad<'a>(u64, &'a AtomicUsize);
    impl Clone for Bad<'_> {
        fn clone(&self) -> Self {
            assert!(self.0 % 2 == 0, "odd values cannot be cloned");
            Bad(self.0, self.1)
        }
    }
    impl Drop for Bad<'_> {
        fn drop(&mut self) {
            self.1.fetch_add(1, SeqCst);
            assert!(self.0 != 4 || thread::panicking(), "4 cannot be dropped");
        }
    }
    let dropped = AtomicUsize::new(0);
    let mut map = Map::<(ByValue<u64>,), Bad<'_>>::new();
    let fill = |map: &Map<(ByValue<u64>,), _>| {
        for n in 0..20 {
            map.insert(hash(n), (n,), Bad(n, &dropped));
        }
        dropped.store(0, SeqCst);
    };
    fill(&map);
    assert!(run(|| drop(map.hit(hash(3), &(3,)))));
    assert!(run(|| assert!(map.remove(hash(4), &(4,)))));
    assert_eq!(map.info().len.unwrap(), 19);
    map.insert(hash(4), (4,), Bad(4, &dropped));
    dropped.store(0, SeqCst);
    assert!(run(|| map.clear()));
    assert_eq!(dropped.load(SeqCst), 20);
    assert_eq!(map.info().len.unwrap(), 0);
    fill(&map);
    assert!(run(|| drop(std::mem::take(&mut map))));
    assert_eq!(dropped.load(SeqCst), 20);
    assert_eq!(map.info().len.unwrap(), 0);
    fill(&map);
    assert!(run(|| drop(map)));
    assert_eq!(dropped.load(SeqCst), 20);
}

#[test]
fn counts_are_exact_and_cleared() {
    let map = Map::<(ByValue<u64>,), u64, Stats>::new();
    for n in [1, 2, 1, 1] {
        call(&map, hash(n), (n,), || n);
    }
    assert_eq!(map.info().to_string(), "hits=2 misses=2 evictions=0 len=2 capacity=unbounded");
    let other = Map::<(ByValue<u64>,), u64, Stats>::new();
    other.absorb(&map);
    assert_eq!(other.info().to_string(), "hits=2 misses=2 evictions=0 len=0 capacity=unbounded");
    map.clear();
    assert_eq!(map.info().to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=unbounded");
    let cold = Map::<(ByValue<u64>,), u64, Stats>::new();
    assert_eq!(cold.info().to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=unbounded");
}

#[test]
fn references_stay_good_while_the_map_grows() {
    fn check<K: KeyType, S: Mode>(key: impl Fn(u64) -> K::Stored)
    where
        K::Stored: Lookup<K>,
    {
        let alive = AtomicI64::new(0);
        let mut map = KeptMap::<K, Counted<'_>, NoStats, S>::new();
        let hash = |n| crate::key::hash_of::<K, _>(&key(n));
        for _ in 0..2 {
            let kept: Vec<_> =
                (0..1000).map(|n| map.keep_ref(hash(n), key(n), Counted::new(n, &alive))).collect();
            for (n, value) in (0..).zip(kept) {
                assert_eq!(value.n, n);
                assert!(std::ptr::eq(value, map.hit_ref(hash(n), &key(n)).unwrap()));
                let refused = Counted::new(0, &alive);
                assert!(std::ptr::eq(value, map.keep_ref(hash(n), key(n), refused)));
            }
            assert_eq!(alive.load(SeqCst), 1000);
            drop(std::mem::take(&mut map));
            assert_eq!(alive.load(SeqCst), 0);
        }
        map.keep_ref(hash(1), key(1), Counted::new(1, &alive));
        drop(map);
        assert_eq!(alive.load(SeqCst), 0);
    }
    check::<(ByValue<u64>,), Threads>(|n| (n,));
    check::<(ByValue<String>,), Threads>(|n| (n.to_string(),));
    check::<(ByValue<String>,), Local>(|n| (n.to_string(),));
    // Of equal hashes.
    check::<(Grouped<0>,), Threads>(|n| (n,));
    check::<(Grouped<0>,), Local>(|n| (n,));
}

#[test]
fn entries_may_take_no_space() {
    let map = Map::<(), ()>::new();
    assert!(matches!(map.keep(map.begin(0), 0, (), ()), Kept::Stored));
    assert!(matches!(map.keep(map.begin(0), 0, (), ()), Kept::Present(())));
    assert_eq!(map.hit(0, &()), Some(()));
    assert!(map.remove(0, &()));
    assert_eq!(map.hit(0, &()), None);
}

#[test]
fn threads_agree_on_one_value() {
    fn check<const BY: u64>() {
        for _ in 0..100 {
            let map = Map::<(Grouped<BY>,), Arc<usize>>::new();
            let barrier = Barrier::new(4);
            thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|thread| {
                        let (map, barrier) = (&map, &barrier);
                        scope.spawn(move || {
                            barrier.wait();
                            (0..20)
                                .map(|n| call(map, hash_by::<BY>(n), (n,), || Arc::new(thread)))
                                .collect::<Vec<_>>()
                        })
                    })
                    .collect();
                let results: Vec<_> = threads.into_iter().map(|it| it.join().unwrap()).collect();
                for result in &results {
                    for (n, value) in (0..).zip(result) {
                        assert!(Arc::ptr_eq(value, &map.peek(hash_by::<BY>(n), &(n,)).unwrap()));
                    }
                }
            });
            assert_eq!(map.info().len.unwrap(), 20);
        }
    }
    check::<1>();
    check::<0>();
}

#[test]
fn threads_may_do_everything_at_once() {
    fn check<P: Clones, const BY: u64>(keys: u64) {
        let alive = AtomicI64::new(0);
        let map = Table::<(Grouped<BY>,), Counted<'_>, NoStats, P, Threads>::new();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for thread in 0..3 {
                let (map, alive, stop) = (&map, &alive, &stop);
                scope.spawn(move || {
                    let mut n = thread;
                    while !stop.load(SeqCst) {
                        n = (n * 31 + 7) % keys;
                        let value = call(map, hash_by::<BY>(n), (n,), || Counted::new(n, alive));
                        assert_eq!(value.n, n);
                    }
                });
            }
            for step in 0..if cfg!(miri) { 100 } else { 20_000_u64 } {
                let n = step * 17 % keys;
                match step % 50 {
                    0 => map.clear(),
                    1..25 => drop(map.remove(hash_by::<BY>(n), &(n,))),
                    _ => map.insert(hash_by::<BY>(n), (n,), Counted::new(n, &alive)),
                }
                if step % 7 == 0 {
                    assert!(
                        map.info().len.unwrap() <= usize::try_from(keys).unwrap().min(P::LIMIT)
                    );
                }
            }
            stop.store(true, SeqCst);
        });
        map.clear();
        assert_eq!(alive.load(SeqCst), 0);
    }
    check::<Forgets, 1>(300);
    check::<Forgets, 0>(16);
    check::<Sieves<100>, 1>(300);
    check::<Sieves<5>, 0>(16);
}

#[test]
fn what_a_reader_holds_is_freed_when_it_leaves() {
    let alive = AtomicI64::new(0);
    let map = Map::<(ByValue<u64>,), Counted<'_>>::new();
    for n in 0..100 {
        map.insert(hash(n), (n,), Counted::new(n, &alive));
    }
    let (inside, go) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            map.0.read(hash(7), &(7,), <(u64,) as Lookup<(ByValue<u64>,)>>::matches, |value| {
                inside.wait();
                go.wait();
                assert_eq!(value.n, 7);
            });
            // The last reader has left, and nobody has written since.
            assert_eq!(alive.load(SeqCst), 0);
        });
        inside.wait();
        map.clear();
        assert!(alive.load(SeqCst) > 0);
        go.wait();
    });
    assert_eq!(alive.load(SeqCst), 0);
}

#[test]
fn the_sieve_keeps_what_is_hit() {
    fn check<V: Clone + PartialEq + std::fmt::Debug, S: Mode>(of: impl Fn(u64) -> V) {
        let store = Sieve::<(ByValue<u64>,), V, Stats, S, 100>::new();
        for n in 0..100 {
            call(&store, hash(n), (n,), || of(n));
        }
        for n in 100..10_000 {
            // One in ten is hit all the time.
            for hot in 0..10 {
                assert_eq!(store.hit(hash(hot), &(hot,)), Some(of(hot)));
            }
            call(&store, hash(n), (n,), || of(n));
            assert_eq!(store.info().len.unwrap(), 100);
        }
        assert_eq!(store.info().evictions, Some(9_900));
        store.insert(hash(1), (1,), of(2));
        assert_eq!((store.info().len.unwrap(), store.peek(hash(1), &(1,))), (100, Some(of(2))));
        let slots = store.0.inner.get().unwrap().lock().space.slots();
        assert!(slots <= 256, "{slots} slots for 100 entries");
    }
    check::<u64, Threads>(|n| n);
    check::<u64, Local>(|n| n);
    check::<String, Threads>(|n| n.to_string());
    check::<String, Local>(|n| n.to_string());
}

#[test]
fn the_sieve_of_one_holds_the_last() {
    let store = Sieve::<(ByValue<u64>,), u64, NoStats, Threads, 1>::new();
    for n in 0..1000 {
        assert_eq!(call(&store, hash(n), (n,), || n), n);
        assert_eq!((store.info().len.unwrap(), store.peek(hash(n), &(n,))), (1, Some(n)));
    }
}
