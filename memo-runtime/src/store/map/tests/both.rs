//! What holds wherever entries lie.

use std::fmt;

use super::*;

type Strings = Map<(ByValue<u64>,), String>;

/// A kind of value: numbers lie in the table, strings apart from it.
trait Value: Clone + PartialEq + fmt::Debug + Send + Sync {
    fn of(n: u64) -> Self;
}
impl Value for u64 {
    fn of(n: u64) -> Self {
        n
    }
}
impl Value for String {
    fn of(n: u64) -> Self {
        n.to_string()
    }
}

/// Runs a test for both layouts.
macro_rules! for_both {
    ($($name:ident)*) => { $(
        mod $name {
            #[test]
            fn in_the_table() {
                super::$name(&super::Numbers::new());
            }
            #[test]
            fn apart() {
                super::$name(&super::Strings::new());
            }
        }
    )* };
}
for_both! {
    many_entries_are_found
    equal_hashes_are_told_apart_by_eq
    forgetting_during_a_computation_declines_its_key_only
    removed_slots_and_indices_are_used_again
    replacing_takes_no_memory
    readers_always_find_what_is_replaced
    threads_do_not_mix_values
}

type Both<V> = Map<(ByValue<u64>,), V>;

fn extent<V>(map: &Both<V>) -> (u32, u32) {
    map.0.inner().unwrap().lock().space.extent()
}

fn many_entries_are_found<V: Value>(map: &Both<V>) {
    for n in 0..10_000 {
        assert_eq!(map.hit(hash(n), &(n,)), None);
        assert!(matches!(map.keep(map.begin(0), hash(n), (n,), V::of(n * 2)), Kept::Stored));
        let kept = map.keep(map.begin(0), hash(n), (n,), V::of(0));
        assert!(matches!(kept, Kept::Present(it) if it == V::of(n * 2)));
    }
    for n in 0..10_000 {
        assert_eq!(map.hit(hash(n), &(n,)), Some(V::of(n * 2)));
    }
    assert_eq!(map.info().len, 10_000);
}

fn equal_hashes_are_told_apart_by_eq<V: Value>(map: &Both<V>) {
    for n in 0..200 {
        call(map, 7, (n,), || V::of(n + 1));
    }
    for n in 0..200 {
        assert_eq!(map.hit(7, &(n,)), Some(V::of(n + 1)));
        map.insert(7, (n,), V::of(n + 2));
        assert_eq!(map.hit(7, &(n,)), Some(V::of(n + 2)));
        assert!(map.remove(7, &(n,)));
        assert!(!map.remove(7, &(n,)));
    }
    assert_eq!(map.info().len, 0);
}

fn forgetting_during_a_computation_declines_its_key_only<V: Value>(map: &Both<V>) {
    let ticket = map.begin(hash(1));
    map.clear();
    assert!(matches!(map.keep(ticket, hash(1), (1,), V::of(1)), Kept::Declined));
    let ticket = map.begin(hash(1));
    assert!(!map.remove(hash(1), &(1,)));
    assert!(matches!(map.keep(ticket, hash(1), (1,), V::of(1)), Kept::Declined));
    assert!(matches!(map.keep(ticket, hash(2), (2,), V::of(2)), Kept::Stored));
    let ticket = map.begin(hash(3));
    map.clear();
    assert!(matches!(map.keep(ticket, hash(3), (3,), V::of(3)), Kept::Declined));
    assert_eq!(map.info().len, 0);
    assert!(matches!(map.keep(map.begin(hash(3)), hash(3), (3,), V::of(3)), Kept::Stored));
}

fn removed_slots_and_indices_are_used_again<V: Value>(map: &Both<V>) {
    for n in 0..100_000 {
        call(map, hash(n), (n,), || V::of(n));
        if n >= 10 {
            assert!(map.remove(hash(n - 10), &(n - 10,)));
        }
    }
    assert_eq!(map.info().len, 10);
    let (slots, indices) = extent(map);
    assert!(slots <= 64 && indices <= 64, "{slots} slots, {indices} indices");
}

fn replacing_takes_no_memory<V: Value>(map: &Both<V>) {
    for n in 0..100_000 {
        // Some share a hash.
        let key = n % 10;
        map.insert(hash(key / 2), (key,), V::of(n));
        assert_eq!(map.hit(hash(key / 2), &(key,)), Some(V::of(n)));
    }
    assert_eq!(map.info().len, 10);
    let (slots, indices) = extent(map);
    assert!(slots <= 64 && indices <= 64, "{slots} slots, {indices} indices");
}

fn readers_always_find_what_is_replaced<V: Value>(map: &Both<V>) {
    let stop = AtomicBool::new(false);
    for key in 0..4 {
        map.insert(hash(key / 2), (key,), V::of(0));
    }
    thread::scope(|scope| {
        for key in 0..2 {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(SeqCst) {
                    assert!(map.hit(hash(key / 2), &(key,)).is_some());
                }
            });
        }
        for n in 0..if cfg!(miri) { 100 } else { 20_000 } {
            map.insert(hash(0), (n % 2,), V::of(n));
        }
        stop.store(true, SeqCst);
    });
}

fn threads_do_not_mix_values<V: Value>(map: &Both<V>) {
    for constant in [false, true] {
        let hash = |n| if constant { 3 } else { hash(n) };
        let (stop, keys) = (AtomicBool::new(false), if constant { 16 } else { 300 });
        thread::scope(|scope| {
            for thread in 0..3 {
                let stop = &stop;
                scope.spawn(move || {
                    let mut n = thread;
                    while !stop.load(SeqCst) {
                        n = (n * 31 + 7) % keys;
                        assert_eq!(call(map, hash(n), (n,), || V::of(n)), V::of(n));
                    }
                });
            }
            for step in 0..if cfg!(miri) { 100 } else { 20_000_u64 } {
                let n = step * 17 % keys;
                match step % 50 {
                    0 => map.clear(),
                    1..25 => drop(map.remove(hash(n), &(n,))),
                    _ => map.insert(hash(n), (n,), V::of(n)),
                }
                if step % 7 == 0 {
                    assert!(map.info().len <= usize::try_from(keys).unwrap());
                }
            }
            stop.store(true, SeqCst);
        });
        map.clear();
    }
}
