//! The order of eviction, and what threads see of it.

use crate::{
    info::{NoStats, Stats},
    key::ByValue,
    store::{CloneStore, Kept, Local, Lru, Store, Threads},
};
use proptest::prelude::*;
use std::{
    hash::{Hash, Hasher},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

const CAPACITY: usize = 4;
type Key = (ByValue<u8>,);

/// What the stores should do: the most recently used entry is the last one.
#[derive(Default)]
struct Model {
    entries: Vec<(u8, u32)>,
    evictions: u64,
}

impl Model {
    fn find(&self, key: u8) -> Option<usize> {
        self.entries.iter().position(|entry| entry.0 == key)
    }
    fn hit(&mut self, key: u8) -> Option<u32> {
        let entry = self.entries.remove(self.find(key)?);
        self.entries.push(entry);
        Some(entry.1)
    }
    fn remove(&mut self, key: u8) -> bool {
        self.find(key).map(|at| self.entries.remove(at)).is_some()
    }
    fn insert(&mut self, key: u8, value: u32) {
        self.remove(key);
        if self.entries.len() == CAPACITY {
            self.entries.remove(0);
            self.evictions += 1;
        }
        self.entries.push((key, value));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Call(u8),
    Peek(u8),
    Insert(u8),
    Remove(u8),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..40u8, 0..10u8).prop_map(|(kind, key)| match kind {
        0 => Step::Clear,
        1..4 => Step::Remove(key),
        4..8 => Step::Insert(key),
        8..12 => Step::Peek(key),
        _ => Step::Call(key),
    });
    proptest::collection::vec(step, 0..200)
}

/// Takes the same steps in the store and in the model. `same_hash` makes all keys collide.
fn follow<S: CloneStore<Key = Key, Value = u32> + Default>(steps: &[Step], same_hash: bool) {
    let (store, mut model) = (S::default(), Model::default());
    let hash = |key| if same_hash { 7 } else { S::hash(&(key,)) };
    for (value, step) in (0u32..).zip(steps) {
        match *step {
            Step::Call(key) => {
                let hit = store.hit(hash(key), &(key,));
                assert_eq!(hit, model.hit(key));
                if hit.is_none() {
                    let ticket = store.begin(hash(key));
                    let kept = store.keep(ticket, hash(key), (key,), value);
                    assert!(matches!(kept, Kept::Stored));
                    model.insert(key, value);
                }
            }
            Step::Peek(key) => {
                let found = model.find(key).map(|at| model.entries[at].1);
                assert_eq!(store.peek(hash(key), &(key,)), found);
                assert_eq!(store.contains(hash(key), &(key,)), found.is_some());
            }
            Step::Insert(key) => {
                store.insert(hash(key), (key,), value);
                model.insert(key, value);
            }
            Step::Remove(key) => {
                assert_eq!(store.remove(hash(key), &(key,)), model.remove(key));
            }
            Step::Clear => {
                store.clear();
                model = Model::default();
            }
        }
        assert_eq!(store.info().len.unwrap(), model.entries.len());
        assert_eq!(store.info().evictions, Some(model.evictions));
    }
    for &(key, value) in &model.entries {
        assert_eq!(store.peek(hash(key), &(key,)), Some(value));
    }
}

proptest! {
    #[test]
    fn the_least_recently_used_entry_goes_first(steps in steps(), same_hash: bool) {
        follow::<Lru<Key, u32, Stats, Threads, CAPACITY>>(&steps, same_hash);
        follow::<Lru<Key, u32, Stats, Local, CAPACITY>>(&steps, same_hash);
    }
}

#[test]
fn a_present_key_that_is_kept_is_refreshed() {
    let store = Lru::<Key, u32, NoStats, Threads, 2>::new();
    for key in [1, 2] {
        store.insert(key.into(), (key,), key.into());
    }
    let ticket = store.begin(1);
    assert!(matches!(store.keep(ticket, 1, (1,), 9), Kept::Present(1)));
    store.insert(3, (3,), 3);
    assert_eq!((store.peek(1, &(1,)), store.peek(2, &(2,))), (Some(1), None));
}

/// What was just missed is added without another look-up: only if no entry of its hash has come meanwhile.
#[test]
fn a_key_is_there_once_whoever_has_missed_it() {
    let store = Lru::<Key, u32, NoStats, Threads, CAPACITY>::new();
    let keep = |key: u8| {
        let kept = store.keep(store.begin(7), 7, (key,), key.into());
        (matches!(kept, Kept::Stored), store.info().len.unwrap_or_default())
    };
    assert_eq!((store.hit(7, &(1,)), store.hit(7, &(2,))), (None, None));
    assert_eq!([keep(1), keep(1)], [(true, 1), (false, 1)]);
    assert_eq!(store.hit(7, &(2,)), None);
    assert_eq!([keep(1), keep(2), keep(2)], [(false, 1), (true, 2), (false, 2)]);
}

#[test]
fn nothing_is_preallocated() {
    let store = Lru::<Key, u32, NoStats, Threads, { usize::MAX }>::new();
    store.insert(1, (1,), 1);
    assert_eq!(store.hit(1, &(1,)), Some(1));
}

fn threads_may_do_everything_at_once<S>()
where
    S: CloneStore<Key = (ByValue<u64>,), Value = String> + Default + Sync,
{
    const THREADS: u64 = 4;
    let (store, done) = (&S::default(), &AtomicBool::new(false));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    for round in 0..5_000u64 {
                        let key = (round * (thread + 3)) % 97;
                        let (args, text) = ((key,), key.to_string());
                        let hash = S::hash(&args);
                        match round % 50 {
                            0 => drop(store.remove(hash, &args)),
                            1 => store.insert(hash, args, text),
                            2 if round % 500 == 2 => store.clear(),
                            _ => {
                                let value = store.hit(hash, &args).or_else(|| {
                                    let ticket = store.begin(hash);
                                    match store.keep(ticket, hash, args, text.clone()) {
                                        Kept::Present(value) => Some(value),
                                        Kept::Stored | Kept::Declined => None,
                                    }
                                });
                                assert!(value.is_none_or(|value| value == text));
                            }
                        }
                    }
                })
            })
            .collect();
        scope.spawn(move || {
            while !done.load(Relaxed) {
                let info = store.info();
                assert!(info.len.unwrap() <= info.capacity.unwrap(), "{info}");
            }
        });
        for worker in workers {
            worker.join().unwrap();
        }
        done.store(true, Relaxed);
    });
    store.clear();
    assert_eq!(store.info().len.unwrap(), 0);
}

#[test]
fn threads_may_do_everything_at_once_in_one_part() {
    threads_may_do_everything_at_once::<Lru<(ByValue<u64>,), String, Stats, Threads, 32>>();
}
#[test]
fn threads_may_do_everything_at_once_in_many_parts() {}

type Crossed = Lru<(ByValue<Crossing>,), u32, NoStats, Threads, 4>;

/// A key of one of two stores; to compare it is to look something up in the other.
#[derive(Clone, Copy)]
struct Crossing {
    other: Option<&'static Crossed>,
}
impl PartialEq for Crossing {
    fn eq(&self, _: &Self) -> bool {
        if let Some(other) = self.other {
            other.hit(0, &(Crossing { other: None },));
            other.remove(1, &(Crossing { other: None },));
        }
        true
    }
}
impl Eq for Crossing {}
impl Hash for Crossing {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[test]
fn stores_that_call_each_other_do_not_deadlock() {
    static STORES: [Crossed; 2] = [Crossed::new(), Crossed::new()];
    thread::scope(|scope| {
        for (store, other) in [(&STORES[0], &STORES[1]), (&STORES[1], &STORES[0])] {
            scope.spawn(move || {
                for _ in 0..20_000 {
                    store.insert(0, (Crossing { other: None },), 1);
                    let found = store.hit(0, &(Crossing { other: Some(other) },));
                    assert!(found.is_none_or(|value| value == 1));
                }
            });
        }
    });
}

static PLAIN: Lru<Key, u32, NoStats, Threads, 4> = Lru::new();

/// A key whose comparison clears [`PLAIN`].
struct Clearing;
impl PartialEq for Clearing {
    fn eq(&self, _: &Self) -> bool {
        PLAIN.insert(1, (1,), 1);
        PLAIN.clear();
        assert_eq!(PLAIN.peek(1, &(1,)), None);
        true
    }
}
impl Eq for Clearing {}
impl Hash for Clearing {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[test]
fn plain_keys_are_forgotten_at_once_by_code_under_another_lock() {
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..100_000 {
                PLAIN.insert(2, (2,), 2);
                PLAIN.hit(2, &(2,));
            }
        });
        let store = Lru::<(ByValue<Clearing>,), u32, NoStats, Threads, 4>::new();
        store.insert(0, (Clearing,), 7);
        for _ in 0..20_000 {
            assert_eq!(store.hit(0, &(Clearing,)), Some(7));
        }
    });
}
