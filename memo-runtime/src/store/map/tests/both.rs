//! What holds wherever entries lie.

use std::fmt;

use super::*;

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
                super::$name::<u64>();
            }
            #[test]
            fn apart() {
                super::$name::<String>();
            }
        }
    )* };
}
for_both! {
    many_entries_are_found
    equal_hashes_are_told_apart_by_eq
    forgetting_during_a_computation_declines_its_key_only
    removed_slots_are_used_again
    replacing_takes_no_memory
    readers_always_find_what_is_replaced
    threads_do_not_mix_values
}

type Both<V, const BY: u64 = 1> = Map<(Grouped<BY>,), V>;

fn slots<V, const BY: u64>(map: &Both<V, BY>) -> u32 {
    map.0.inner.get().unwrap().lock().space.slots()
}

fn many_entries_are_found<V: Value>() {
    let map = &Both::<V>::new();
    for n in 0..10_000 {
        assert_eq!(map.hit(hash_by::<1>(n), &(n,)), None);
        assert!(matches!(
            map.keep(map.begin(0), hash_by::<1>(n), (n,), V::of(n * 2)),
            Kept::Stored
        ));
        let kept = map.keep(map.begin(0), hash_by::<1>(n), (n,), V::of(0));
        assert!(matches!(kept, Kept::Present(it) if it == V::of(n * 2)));
    }
    for n in 0..10_000 {
        assert_eq!(map.hit(hash_by::<1>(n), &(n,)), Some(V::of(n * 2)));
    }
    assert_eq!(map.info().len.unwrap(), 10_000);
}

fn equal_hashes_are_told_apart_by_eq<V: Value>() {
    let map = &Both::<V, 0>::new();
    for n in 0..200 {
        call(map, hash_by::<0>(n), (n,), || V::of(n + 1));
    }
    for n in 0..200 {
        assert_eq!(map.hit(hash_by::<0>(n), &(n,)), Some(V::of(n + 1)));
        map.insert(hash_by::<0>(n), (n,), V::of(n + 2));
        assert_eq!(map.hit(hash_by::<0>(n), &(n,)), Some(V::of(n + 2)));
        assert!(map.remove(hash_by::<0>(n), &(n,)));
        assert!(!map.remove(hash_by::<0>(n), &(n,)));
    }
    assert_eq!(map.info().len.unwrap(), 0);
}

fn forgetting_during_a_computation_declines_its_key_only<V: Value>() {
    let map = &Both::<V>::new();
    let ticket = map.begin(hash_by::<1>(1));
    map.clear();
    assert!(matches!(map.keep(ticket, hash_by::<1>(1), (1,), V::of(1)), Kept::Declined));
    let ticket = map.begin(hash_by::<1>(1));
    assert!(!map.remove(hash_by::<1>(1), &(1,)));
    assert!(matches!(map.keep(ticket, hash_by::<1>(1), (1,), V::of(1)), Kept::Declined));
    assert!(matches!(map.keep(ticket, hash_by::<1>(2), (2,), V::of(2)), Kept::Stored));
    let ticket = map.begin(hash_by::<1>(3));
    map.clear();
    assert!(matches!(map.keep(ticket, hash_by::<1>(3), (3,), V::of(3)), Kept::Declined));
    assert_eq!(map.info().len.unwrap(), 0);
    assert!(matches!(
        map.keep(map.begin(hash_by::<1>(3)), hash_by::<1>(3), (3,), V::of(3)),
        Kept::Stored
    ));
}

fn removed_slots_are_used_again<V: Value>() {
    let map = &Both::<V>::new();
    for n in 0..100_000 {
        call(map, hash_by::<1>(n), (n,), || V::of(n));
        if n >= 10 {
            assert!(map.remove(hash_by::<1>(n - 10), &(n - 10,)));
        }
    }
    assert_eq!(map.info().len.unwrap(), 10);
    assert!(slots(map) <= 64, "{} slots", slots(map));
}

fn replacing_takes_no_memory<V: Value>() {
    let map = &Both::<V, 2>::new();
    for n in 0..100_000 {
        // Some share a hash.
        let key = n % 10;
        map.insert(hash_by::<2>(key), (key,), V::of(n));
        assert_eq!(map.hit(hash_by::<2>(key), &(key,)), Some(V::of(n)));
    }
    assert_eq!(map.info().len.unwrap(), 10);
    assert!(slots(map) <= 64, "{} slots", slots(map));
}

fn readers_always_find_what_is_replaced<V: Value>() {
    let map = &Both::<V, 2>::new();
    let stop = AtomicBool::new(false);
    for key in 0..4 {
        map.insert(hash_by::<2>(key), (key,), V::of(0));
    }
    thread::scope(|scope| {
        for key in 0..2 {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(SeqCst) {
                    assert!(map.hit(hash_by::<2>(key), &(key,)).is_some());
                }
            });
        }
        for n in 0..if cfg!(miri) { 100 } else { 20_000 } {
            map.insert(hash_by::<2>(0), (n % 2,), V::of(n));
        }
        stop.store(true, SeqCst);
    });
}

fn threads_do_not_mix_values<V: Value>() {
    fn check<V: Value, const BY: u64>(keys: u64) {
        let (map, stop) = (&Both::<V, BY>::new(), &AtomicBool::new(false));
        thread::scope(|scope| {
            for thread in 0..3 {
                scope.spawn(move || {
                    let mut n = thread;
                    while !stop.load(SeqCst) {
                        n = (n * 31 + 7) % keys;
                        assert_eq!(call(map, hash_by::<BY>(n), (n,), || V::of(n)), V::of(n));
                    }
                });
            }
            for step in 0..if cfg!(miri) { 100 } else { 20_000_u64 } {
                let n = step * 17 % keys;
                match step % 50 {
                    0 => map.clear(),
                    1..25 => drop(map.remove(hash_by::<BY>(n), &(n,))),
                    _ => map.insert(hash_by::<BY>(n), (n,), V::of(n)),
                }
                if step % 7 == 0 {
                    assert!(map.info().len.unwrap() <= usize::try_from(keys).unwrap());
                }
            }
            stop.store(true, SeqCst);
        });
    }
    check::<V, 1>(300);
    check::<V, 0>(16);
}
