//! The shipped map, its writer's lock and its reclamation: how writers insert, grow, replace, clear and remove while others
//! read. Entries that lie apart and tables are watched ([`crate::sync::Watched`]): loom reports one that is freed while a reader may
//! hold it.

use loom::{sync::Arc, thread};

use super::*;
use crate::{key::ByValue, store::As, term::Term};

type Key = (ByValue<u64>,);
/// Its entries lie in the table.
type Inline = Map<Key, u64>;
/// Its entries lie apart.
type Apart = Map<Key, String>;
type Tight = Sieve<Key, String, NoStats, Threads, 1>;

/// Three preemptions find what there is to find, and keep the models small.
fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

/// A hash for each key that puts it into the first group.
fn hash(n: u64) -> u64 {
    n << 57
}

fn insert<V>(map: &impl CloneStore<Key = Key, Value = V>, n: u64, value: V) {
    map.insert_by(hash(n), (n,), (value, Term::ENDLESS), Plain);
}

fn hit<V: Clone>(map: &impl CloneStore<Key = Key, Value = V>, n: u64) -> Option<V> {
    map.hit(hash(n), &(n,))
}

/// Compares keys as they are, and knows their hash without the seeds of a process.
#[derive(Clone, Copy)]
struct Plain;

impl Same<(u64,)> for Plain {
    fn same(self, left: &(u64,), right: &(u64,)) -> bool {
        As::<Key>::NEW.same(left, right)
    }
    fn hash(self, key: &(u64,)) -> u64 {
        hash(key.0)
    }
    fn function(self) -> fn(&(u64,), &(u64,)) -> bool {
        As::<Key>::NEW.function()
    }
}

/// Runs `write` while another thread runs `read`; the map has the key 1.
fn while_read<M, V>(
    one: impl Fn(u64) -> V + Copy + Send + Sync + 'static,
    read: impl Fn(&M) + Copy + Send + Sync + 'static,
    write: impl Fn(&M) + Copy + Send + Sync + 'static,
) where
    M: CloneStore<Key = Key, Value = V> + Default + Send + Sync + 'static,
{
    check(move || {
        let map = Arc::new(M::default());
        insert(&*map, 1, one(1));
        let reader = {
            let map = Arc::clone(&map);
            thread::spawn(move || read(&map))
        };
        write(&map);
        reader.join().unwrap();
    });
}

fn number(n: u64) -> u64 {
    n
}

fn text(n: u64) -> String {
    n.to_string()
}

#[test]
fn loom_an_inserted_entry_is_whole_when_it_is_found() {
    while_read::<Inline, _>(
        number,
        |map| {
            assert!(hit(map, 2).is_none_or(|found| found == 20));
            assert_eq!(hit(map, 1), Some(1));
        },
        |map| insert(map, 2, 20),
    );
    while_read::<Apart, _>(
        text,
        |map| {
            assert!(hit(map, 2).is_none_or(|found| found == "20"));
            assert_eq!(hit(map, 1), Some(text(1)));
        },
        |map| insert(map, 2, text(20)),
    );
}

#[test]
fn loom_a_growing_map_keeps_its_entries() {
    while_read::<Inline, _>(
        number,
        |map| assert_eq!(hit(map, 1), Some(1)),
        |map| {
            for n in 2..6 {
                insert(map, n, n);
            }
        },
    );
}

#[test]
fn loom_a_reader_finds_what_is_replaced_or_its_successor() {
    while_read::<Inline, _>(
        number,
        |map| assert!(hit(map, 1).is_some_and(|found| found == 1 || found == 7)),
        |map| insert(map, 1, 7),
    );
    while_read::<Apart, _>(
        text,
        |map| assert!(hit(map, 1).is_some_and(|found| found == "1" || found == "7")),
        |map| insert(map, 1, text(7)),
    );
}

#[test]
fn loom_a_cleared_map_is_not_freed_under_a_reader() {
    while_read::<Inline, _>(
        number,
        |map| assert!(hit(map, 1).is_none_or(|found| found == 1)),
        CloneStore::clear,
    );
    while_read::<Apart, _>(
        text,
        |map| {
            let before = hit(map, 1).is_some();
            assert!(before || hit(map, 1).is_none(), "what is cleared does not come back");
        },
        CloneStore::clear,
    );
}

#[test]
fn loom_a_removed_entry_s_slot_is_used_again() {
    while_read::<Apart, _>(
        text,
        |map| {
            assert!(hit(map, 1).is_none_or(|found| found == "1"));
            assert!(hit(map, 2).is_none_or(|found| found == "2"));
        },
        |map| {
            assert!(map.remove(hash(1), &(1,)));
            insert(map, 2, text(2));
        },
    );
}

#[test]
fn loom_an_evicted_entry_is_not_freed_under_a_reader() {
    while_read::<Tight, _>(
        text,
        |map| {
            assert!(hit(map, 1).is_none_or(|found| found == "1"));
            assert!(hit(map, 2).is_none_or(|found| found == "2"));
        },
        |map| insert(map, 2, text(2)),
    );
}

#[test]
fn loom_two_writers_keep_one_value() {
    check(|| {
        let map = Arc::new(Apart::new());
        let keep = |map: &Apart, value: u64| {
            let ticket = map.begin(hash(1));
            match map.keep_by(ticket, hash(1), (1,), (text(value), Term::ENDLESS), Plain) {
                Kept::Present(first) => first,
                Kept::Stored | Kept::Declined => text(value),
            }
        };
        let other = {
            let map = Arc::clone(&map);
            thread::spawn(move || keep(&map, 2))
        };
        let mine = keep(&map, 3);
        assert_eq!(mine, other.join().unwrap());
        assert_eq!(hit(&*map, 1), Some(mine));
    });
}
