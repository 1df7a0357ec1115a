//! References stay, whatever a key's code does.

use super::*;
use crate::{
    info::{NoStats, Stats},
    key::ByValue,
};
use std::{
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

thread_local! {
    static ON_EQ: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A key whose hash says nothing.
struct Id(u64);
impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        if let Some(run) = ON_EQ.take() {
            run();
        }
        self.0 == other.0
    }
}
impl Eq for Id {}
impl Hash for Id {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u8(0);
    }
}

type Numbers<M> = LocalKeptMap<(ByValue<u64>,), String, M>;
type Ids<V> = LocalKeptMap<(ByValue<Id>,), V, NoStats>;

fn hash(key: u64) -> u64 {
    Numbers::<NoStats>::hash(&(key,))
}

#[test]
fn references_stay_while_the_store_grows() {
    let store = Numbers::<Stats>::new();
    let values: Vec<&String> =
        (0..1000).map(|key| store.keep_ref(hash(key), (key,), key.to_string())).collect();
    for (key, value) in (0..).zip(values) {
        assert_eq!(*value, key.to_string());
        assert!(ptr::eq(value, store.hit_ref(hash(key), &(key,)).unwrap()));
        assert!(ptr::eq(value, store.keep_ref(hash(key), (key,), String::new())));
    }
    store.begin(0);
    assert_eq!(
        store.info().to_string(),
        "hits=1000 misses=1 evictions=0 len=1000 capacity=unbounded"
    );
}

#[test]
fn keys_of_equal_hash_do_not_mix() {
    let store = Ids::new();
    for key in 0..1000 {
        store.keep_ref(7, (Id(key),), key);
    }
    for key in 0..1000 {
        assert_eq!(store.peek_ref(7, &(Id(key),)), Some(&key));
    }
    assert!(!store.contains(7, &(Id(1000),)));
    assert_eq!(store.info().len, 1000);
}

#[test]
fn a_call_from_eq_stores_the_same_key_once() {
    let store = Rc::new(Ids::new());
    store.keep_ref(7, (Id(1),), 10);
    let inside = Rc::clone(&store);
    ON_EQ.set(Some(Box::new(move || {
        inside.keep_ref(7, (Id(2),), 20);
        inside.keep_ref(8, (Id(3),), 30);
    })));
    assert_eq!(store.keep_ref(7, (Id(2),), 21), &20);
    assert_eq!(store.peek_ref(8, &(Id(3),)), Some(&30));
    assert_eq!(store.info().len, 3);
}

#[test]
fn a_panic_in_eq_stores_nothing() {
    let value = Rc::new(());
    let store = Ids::new();
    store.keep_ref(7, (Id(1),), Rc::clone(&value));
    ON_EQ.set(Some(Box::new(|| panic!("on purpose"))));
    let kept = catch_unwind(AssertUnwindSafe(|| {
        store.keep_ref(7, (Id(2),), Rc::clone(&value));
    }));
    assert!(kept.is_err());
    assert_eq!((store.info().len, Rc::strong_count(&value)), (1, 2));
    store.keep_ref(7, (Id(2),), Rc::clone(&value));
    assert_eq!(store.info().len, 2);
}

#[test]
fn emptying_drops_everything() {
    let value = Rc::new(());
    let mut store = Ids::new();
    let mut once = LocalKeptOnce::<Rc<()>, Stats>::new();
    for round in 0..3 {
        // Long chains do not overflow the stack.
        let mut last = store.keep_ref(7, (Id(0),), Rc::clone(&value));
        for key in 0..100 {
            last = store.keep_ref(key, (Id(key),), Rc::clone(&value));
        }
        assert_eq!(Rc::strong_count(last), store.info().len + 1);
        once.begin(0);
        once.keep_ref(0, (), Rc::clone(&value));
        store.empty();
        once.empty();
        assert_eq!(Rc::strong_count(&value), 1, "round {round}");
        assert_eq!((store.info().len, once.info().len), (0, 0));
        assert_eq!(once.info().misses, Some(0));
    }
}

#[test]
fn long_chains_are_dropped_in_a_loop() {
    let store = Ids::new();
    let mut last = Rc::new(Entry { hash: 7, key: (Id(0),), value: (), next: OnceCell::new() });
    for key in 1..200_000 {
        let next = OnceCell::from(last);
        last = Rc::new(Entry { hash: 7, key: (Id(key),), value: (), next });
    }
    store.build().keep(last, |_, _| false);
    drop(store);
}

#[test]
fn one_value_is_kept() {
    let store = LocalKeptOnce::<u64, Stats>::new();
    assert_eq!(LocalKeptOnce::<u64, Stats>::hash(&()), 0);
    assert_eq!(store.hit_ref(0, &()), None);
    store.begin(0);
    assert_eq!(store.keep_ref(0, (), 1), &1);
    assert_eq!(store.keep_ref(0, (), 2), &1);
    assert_eq!((store.hit_ref(0, &()), store.peek_ref(0, &())), (Some(&1), Some(&1)));
    let sum = LocalKeptOnce::<u64, Stats>::new();
    sum.absorb(&store);
    assert_eq!(sum.info().to_string(), "hits=1 misses=1 evictions=0 len=0 capacity=unbounded");
}

#[test]
fn cold_stores_are_small_and_traits_follow_the_types() {
    fn send<T: Send + UnwindSafe + RefUnwindSafe>() {}
    send::<Numbers<Stats>>();
    send::<LocalKeptOnce<String, Stats>>();
    assert_eq!(size_of::<Numbers<Stats>>(), size_of::<usize>());
    assert!(size_of::<LocalKeptOnce<u64, Stats>>() <= size_of::<Option<u64>>() + 16);
}
