//! The rules of [`crate::store`] that all these stores keep.

use crate::{
    info::{NoStats, Stats},
    key::ByValue,
    store::{CloneStore, InEngine, Kept, Local, Lru, Map, Once, Sieve, Store, Threads},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

mod hooks;
use hooks::{Event, HOOK, Id, LIVE, Owned, Plain, Value, on};

type Key = (ByValue<Id>,);
trait Tested: CloneStore<Key = Key, Value: Value> + Default + 'static {}
impl<S: CloneStore<Key = Key, Value: Value> + Default + 'static> Tested for S {}

fn hash<S: Tested>() -> u64 {
    S::hash(&(Id(0),))
}
/// A call that computes `id * 10`, with `body` in its body.
fn call_with<S: Tested>(store: &S, id: u64, body: impl FnOnce()) -> u64 {
    if let Some(value) = store.hit(hash::<S>(), &(Id(id),)) {
        return value.id();
    }
    let ticket = store.begin(hash::<S>());
    body();
    let value = S::Value::new(id * 10);
    let id_of = value.id();
    match store.keep(ticket, hash::<S>(), (Id(id),), value) {
        Kept::Present(value) => value.id(),
        Kept::Stored | Kept::Declined => id_of,
    }
}
fn call<S: Tested>(store: &S, id: u64) -> u64 {
    call_with(store, id, || ())
}
fn peek<S: Tested>(store: &S, id: u64) -> Option<u64> {
    store.peek(hash::<S>(), &(Id(id),)).map(|value| value.id())
}
fn insert<S: Tested>(store: &S, id: u64, value: u64) {
    store.insert(hash::<S>(), (Id(id),), S::Value::new(value));
}
fn remove<S: Tested>(store: &S, id: u64) -> bool {
    store.remove(hash::<S>(), &(Id(id),))
}

fn keys_of_equal_hash_do_not_mix<S: Tested>() {
    let store = S::default();
    for id in 0..1000 {
        assert_eq!(call(&store, id), id * 10);
    }
    assert_eq!(store.info().len.unwrap(), 1000);
    for id in 0..1000 {
        assert_eq!(peek(&store, id), Some(id * 10));
        assert!(store.contains(hash::<S>(), &(Id(id),)));
    }
    assert_eq!(peek(&store, 1000), None);
}

fn the_first_result_is_kept<S: Tested>() {
    let store = S::default();
    let outer = call_with(&store, 1, || insert(&store, 1, 7));
    assert_eq!((outer, peek(&store, 1)), (7, Some(7)));
}

fn insert_replaces_and_remove_removes<S: Tested>() {
    let store = S::default();
    insert(&store, 1, 5);
    insert(&store, 1, 6);
    insert(&store, 2, 7);
    assert_eq!((peek(&store, 1), store.info().len.unwrap()), (Some(6), 2));
    assert!(remove(&store, 1));
    assert!(!remove(&store, 1));
    assert_eq!((peek(&store, 1), peek(&store, 2)), (None, Some(7)));
}

fn what_is_forgotten_while_it_is_computed_is_not_stored<S: Tested>() {
    // A store that is cold, and one that is not.
    for warm in [false, true] {
        let forgets: [fn(&S); 3] = [
            |store| store.clear(),
            |store| _ = remove(store, 1),
            |store| {
                // What was stored and forgotten meanwhile does not count.
                call(store, 1);
                remove(store, 1);
            },
        ];
        for forget in forgets {
            let store = S::default();
            if warm {
                call(&store, 9);
            }
            assert_eq!(call_with(&store, 1, || forget(&store)), 10);
            assert_eq!(peek(&store, 1), None);
            call(&store, 1);
            assert_eq!(peek(&store, 1), Some(10));
        }
    }
}

fn clearing_a_cold_store_leaves_it_cold<S: Tested>() {
    let store = S::default();
    store.clear();
    store.clear();
    assert_eq!(call(&store, 1), 10);
    assert_eq!(peek(&store, 1), Some(10));
}

fn removing_another_key_forbids_nothing<S: Tested>(other: u64) {
    for warm in [false, true] {
        let store = S::default();
        if warm {
            store.insert(other, (Id(2),), S::Value::new(2));
        }
        let forget = || _ = store.remove(other, &(Id(2),));
        assert_eq!(call_with(&store, 1, forget), 10);
        assert_eq!(peek(&store, 1), Some(10));
    }
}
fn removing_another_hash_forbids_nothing<S: Tested>() {
    removing_another_key_forbids_nothing::<S>(hash::<S>() ^ 1);
}

fn emptying_makes_it_cold<S: Tested>() {
    let mut store = S::default();
    call(&store, 1);
    drop(std::mem::take(&mut store));
    assert_eq!((peek(&store, 1), store.info().len.unwrap()), (None, 0));
    call(&store, 1);
    assert_eq!(store.info().len.unwrap(), 1);
}

type Step<S> = (&'static str, fn(&S));

fn steps<S: Tested>() -> [Step<S>; 7] {
    [
        ("call present", |store| _ = call(store, 1)),
        ("call absent", |store| _ = call(store, 50)),
        ("contains", |store| _ = store.contains(hash::<S>(), &(Id(1),))),
        ("peek", |store| _ = peek(store, 1)),
        ("insert", |store| insert(store, 1, 10)),
        ("remove", |store| _ = remove(store, 1)),
        ("clear", |store| {
            store.info();
            store.clear();
        }),
    ]
}

fn re_entrance_is_safe<S: Tested>() {
    for event in [Event::Eq, Event::Clone, Event::Drop] {
        for (outer, run) in steps::<S>() {
            for (inner, run_inside) in steps::<S>() {
                let store = Rc::new(S::default());
                for id in 0..3 {
                    call(&*store, id);
                }
                let inside = Rc::clone(&store);
                on(event, move || run_inside(&inside));
                run(&store);
                HOOK.set(None);
                assert_eq!(call(&*store, 2), 20);
                assert_eq!(peek(&*store, 2), Some(20), "{event:?} in {outer}, {inner}");
                drop(store);
                assert_eq!(LIVE.get(), 0, "{event:?} in {outer}, {inner}");
            }
        }
    }
}

/// The look-up that is under way in a table may still find what its key's `Eq` forgets; behind a lock it does not.
fn a_forgetting_inside_eq_is_seen_by_its_look_up<S: Tested>() {
    for forget in forgettings::<S>() {
        let store = Rc::new(S::default());
        call(&*store, 1);
        let inside = Rc::clone(&store);
        on(Event::Eq, move || forget(&inside));
        assert!(store.hit(hash::<S>(), &(Id(1),)).is_none());
    }
}

fn forgettings<S: Tested>() -> [fn(&S); 2] {
    [|store| store.clear(), |store| _ = remove(store, 1)]
}

fn a_clear_inside_eq_is_not_lost<S: Tested>() {
    for forget in forgettings::<S>() {
        let store = Rc::new(S::default());
        call(&*store, 1);
        let inside = Rc::clone(&store);
        on(Event::Eq, move || forget(&inside));
        store.hit(hash::<S>(), &(Id(1),));
        assert_eq!((peek(&*store, 1), store.info().len.unwrap()), (None, 0));

        // A result that was on its way is not stored either.
        call(&*store, 1);
        let inside = Rc::clone(&store);
        let ticket = store.begin(hash::<S>());
        on(Event::Eq, move || forget(&inside));
        let kept = store.keep(ticket, hash::<S>(), (Id(2),), S::Value::new(20));
        assert!(matches!(kept, Kept::Declined));
        assert_eq!(store.info().len.unwrap(), 0);
    }
}

fn a_panic_stores_nothing_and_breaks_nothing<S: Tested>() {
    for event in [Event::Eq, Event::Clone, Event::Drop] {
        for (name, run) in steps::<S>() {
            for nth in 0..3 {
                let store = S::default();
                for id in 0..3 {
                    call(&store, id);
                }
                on(event, move || later(event, nth));
                let _ = catch_unwind(AssertUnwindSafe(|| run(&store)));
                HOOK.set(None);
                for id in [0, 1, 2, 50] {
                    assert!(peek(&store, id).is_none_or(|value| value == id * 10), "{name}");
                    assert_eq!(call(&store, id), id * 10, "{event:?} in {name}");
                }
                assert_eq!(store.info().len.unwrap(), 4, "{event:?} in {name}");
                drop(store);
                assert_eq!(LIVE.get(), 0, "{event:?} in {name}");
            }
        }
    }
}
/// Panics at the event after `more` others.
fn later(event: Event, more: u32) {
    assert!(more > 0, "on purpose");
    on(event, move || later(event, more - 1));
}

fn a_panic_in_drop_leaks_nothing<S: Tested>() {
    for empty in [|store: &mut S| store.clear(), |store: &mut S| drop(std::mem::take(store))] {
        let mut store = S::default();
        for id in 0..10 {
            call(&store, id);
        }
        on(Event::Drop, || panic!("on purpose"));
        let _ = catch_unwind(AssertUnwindSafe(|| empty(&mut store)));
        HOOK.set(None);
        assert_eq!((store.info().len.unwrap(), LIVE.get()), (0, 0));
    }
}

#[test]
fn a_cold_store_is_two_pointers_at_most() {
    for size in [
        size_of::<Map<Key, Owned, NoStats>>(),
        size_of::<Map<Key, Plain, NoStats, Local>>(),
        size_of::<Sieve<Key, Owned, NoStats, Threads, 1000>>(),
        size_of::<Sieve<Key, Plain, NoStats, Local, 1000>>(),
        size_of::<Lru<Key, Owned, NoStats, Threads, 1000>>(),
        size_of::<Lru<Key, Plain, NoStats, Local, 1000>>(),
        size_of::<Lru<Key, Owned, Stats, Local, 1000>>(),
        size_of::<Map<Key, Owned, Stats>>(),
        size_of::<Sieve<Key, Owned, Stats, Threads, 1000>>(),
    ] {
        assert!(size <= 2 * size_of::<usize>());
    }
}

macro_rules! rules {
    ($($module:ident: $store:ty;)*) => { $( mod $module {
        use super::*;
        rules!(@ $store: keys_of_equal_hash_do_not_mix the_first_result_is_kept
            insert_replaces_and_remove_removes what_is_forgotten_while_it_is_computed_is_not_stored
            clearing_a_cold_store_leaves_it_cold removing_another_hash_forbids_nothing
            emptying_makes_it_cold re_entrance_is_safe a_clear_inside_eq_is_not_lost
            a_panic_stores_nothing_and_breaks_nothing a_panic_in_drop_leaks_nothing);
    } )* };
    (@ $store:ty: $($rule:ident)*) => { $(
        #[test]
        fn $rule() {
            super::$rule::<$store>();
        }
    )* };
}
rules! {
    map: Map<Key, Owned, NoStats>;
    map_plain: Map<Key, Plain, Stats>;
    sieve: Sieve<Key, Owned, Stats, Threads, 1000>;
    sieve_plain: Sieve<Key, Plain, NoStats, Threads, 1000>;
    local_sieve: Sieve<Key, Owned, NoStats, Local, 1000>;
    lru: Lru<Key, Owned, NoStats, Threads, 1000>;
    lru_plain: Lru<Key, Plain, Stats, Threads, 1000>;
    local_lru: Lru<Key, Owned, Stats, Local, 1000>;
    local_lru_plain: Lru<Key, Plain, NoStats, Local, 1000>;
    engine: InEngine<Key, Owned, NoStats>;
    engine_plain: InEngine<Key, Plain, Stats>;
    local_map: Map<Key, Owned, NoStats, Local>;
    local_map_plain: Map<Key, Plain, Stats, Local>;
}

mod behind_a_lock {
    use super::*;
    #[test]
    fn a_forgetting_inside_eq_is_seen_by_its_look_up() {
        super::a_forgetting_inside_eq_is_seen_by_its_look_up::<Lru<Key, Owned, NoStats, Threads, 9>>(
        );
        super::a_forgetting_inside_eq_is_seen_by_its_look_up::<Lru<Key, Plain, NoStats, Local, 9>>(
        );
    }
}

#[test]
fn counts_are_exact_and_absorbed() {
    fn counted<S: Tested>() {
        let (mut store, other) = (S::default(), S::default());
        for id in [1, 2, 1] {
            call(&store, id);
            call(&other, id);
        }
        peek(&store, 1);
        assert_eq!((store.info().hits, store.info().misses), (Some(1), Some(2)));
        store.absorb(&other);
        assert_eq!((store.info().hits, store.info().misses), (Some(2), Some(4)));
        store.clear();
        assert_eq!((store.info().hits, store.info().misses), (Some(0), Some(0)));
        drop(std::mem::take(&mut store));
        store.absorb(&other);
        assert_eq!((store.info().hits, store.info().evictions), (Some(1), Some(0)));
    }
    counted::<Map<Key, Owned, Stats>>();
    counted::<Sieve<Key, Owned, Stats, Threads, 10>>();
    counted::<Lru<Key, Owned, Stats, Threads, 10>>();
    counted::<Lru<Key, Owned, Stats, Local, 10>>();
    counted::<Map<Key, Owned, Stats, Local>>();
}

#[test]
fn a_store_without_keys_holds_one_value() {
    let store = Once::<Owned, Stats, Local>::new();
    assert_eq!(<Once<Owned, Stats, Local> as Store>::hash(&()), 0);
    let ticket = store.begin(0);
    assert!(matches!(store.keep(ticket, 0, (), Owned::new(1)), Kept::Stored));
    assert!(matches!(store.keep(ticket, 0, (), Owned::new(2)), Kept::Present(Owned(1))));
    store.insert(0, (), Owned::new(3));
    assert_eq!(store.hit(0, &()).map(|value| value.0), Some(3));
    assert!(store.remove(0, &()));
    assert!(matches!(store.keep(ticket, 0, (), Owned::new(4)), Kept::Declined));
    assert_eq!(store.info().to_string(), "hits=1 misses=1 evictions=0 len=0 capacity=unbounded");
    store.insert(0, (), Owned::new(5));
    store.clear();
    assert_eq!(LIVE.get(), 0);
    assert!(!store.contains(0, &()));
}

#[test]
fn keys_and_values_may_borrow() {
    let text = String::from("text");
    let store = Lru::<(ByValue<&str>,), &str, NoStats, Threads, 4>::new();
    store.insert(1, (&text[..2],), &text[2..]);
    assert_eq!(store.hit(1, &(&text[..2],)), Some("xt"));
    let store = Map::<(ByValue<&str>,), &str, NoStats, Local>::new();
    store.insert(1, (&text[..2],), &text[2..]);
    assert_eq!(store.hit(1, &(&text[..2],)), Some("xt"));
}
