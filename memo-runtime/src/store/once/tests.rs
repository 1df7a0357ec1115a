use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Barrier, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
    },
    thread,
};

use std::panic::{RefUnwindSafe, UnwindSafe};

use super::*;
use crate::{info::Stats, store::RefStore};

fn call<V: Clone, M: Metrics>(cell: &Once<V, M>, body: impl FnOnce() -> V) -> V {
    if let Some(value) = cell.hit(0, &()) {
        return value;
    }
    let ticket = cell.begin(0);
    let value = body();
    match cell.keep(ticket, 0, (), value.clone()) {
        Kept::Present(value) => value,
        Kept::Stored | Kept::Declined => value,
    }
}

#[test]
fn a_cell_is_hardly_bigger_than_a_once_lock() {
    fn check<V>() {
        assert!(size_of::<Once<V>>() <= size_of::<OnceLock<V>>() + 8);
        assert!(size_of::<Once<V, Stats>>() <= size_of::<OnceLock<V>>() + 16);
        assert_eq!(size_of::<KeptOnce<V>>(), size_of::<OnceLock<V>>());
    }
    check::<u8>();
    check::<u64>();
    check::<u128>();
    check::<[u8; 13]>();
    check::<String>();
    check::<[String; 10]>();
}

#[test]
fn auto_traits_follow_the_value() {
    fn all<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}
    all::<Once<Vec<u8>>>();
    all::<KeptOnce<Vec<u8>, Stats>>();
}

/// Every step of a cell's life, for values in the cell and values in boxes.
fn life<V: Clone + PartialEq + std::fmt::Debug, M: Metrics>(value: impl Fn(u64) -> V) {
    let mut cell = Once::<V, M>::new();
    for round in 0..3 {
        assert_eq!(cell.hit(0, &()), None);
        assert!(!cell.contains(0, &()));
        assert!(!cell.remove(0, &()));
        let ticket = cell.begin(0);
        assert!(matches!(cell.keep(ticket, 0, (), value(1)), Kept::Stored));
        assert!(matches!(cell.keep(ticket, 0, (), value(2)), Kept::Present(it) if it == value(1)));
        assert_eq!(cell.hit(0, &()), Some(value(1)));
        assert_eq!(cell.info().len.unwrap(), 1);
        let ticket = cell.begin(0);
        assert!(cell.remove(0, &()));
        assert_eq!(cell.peek(0, &()), None);
        assert!(matches!(cell.keep(ticket, 0, (), value(3)), Kept::Declined));
        cell.insert(0, (), value(4));
        assert_eq!(cell.peek(0, &()), Some(value(4)));
        cell.insert(0, (), value(5));
        assert_eq!(cell.peek(0, &()), Some(value(5)));
        assert!(matches!(cell.keep(ticket, 0, (), value(3)), Kept::Present(it) if it == value(5)));
        let ticket = cell.begin(0);
        cell.clear();
        assert!(matches!(cell.keep(ticket, 0, (), value(3)), Kept::Declined));
        assert_eq!(cell.info().len.unwrap(), 0);
        if round == 1 {
            drop(std::mem::take(&mut cell));
            cell.insert(0, (), value(6));
            cell.insert(0, (), value(7));
            assert_eq!(cell.peek(0, &()), Some(value(7)));
            drop(std::mem::take(&mut cell));
            assert_eq!(call(&cell, || value(8)), value(8));
            cell.clear();
        }
    }
    let cold = Once::<V, M>::new();
    let ticket = cold.begin(0);
    cold.clear();
    assert!(matches!(cold.keep(ticket, 0, (), value(3)), Kept::Declined));
}

#[test]
fn a_cell_keeps_replaces_and_forgets() {
    life::<_, NoStats>(|n| n);
    life::<_, NoStats>(|n| [n; 20]);
    life::<_, NoStats>(|n| n.to_string());
    life::<_, Stats>(|n| n);
    life::<_, Stats>(|n| n.to_string());
}

#[test]
fn counts_are_exact_and_cleared() {
    let cell = Once::<u64, Stats>::new();
    for _ in 0..3 {
        call(&cell, || 1);
    }
    assert_eq!(cell.info().to_string(), "hits=2 misses=1 evictions=0 len=1 capacity=unbounded");
    let other = Once::<u64, Stats>::new();
    other.absorb(&cell);
    assert_eq!(other.info().to_string(), "hits=2 misses=1 evictions=0 len=0 capacity=unbounded");
    cell.clear();
    assert_eq!(cell.info().to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=unbounded");
}

#[test]
fn references_stay() {
    let cell = KeptOnce::<String, Stats>::new();
    assert!(cell.hit_ref(0, &()).is_none());
    cell.begin(0);
    let first = cell.keep_ref(0, (), "first".to_owned());
    assert!(std::ptr::eq(first, cell.keep_ref(0, (), "second".to_owned())));
    assert!(std::ptr::eq(first, cell.hit_ref(0, &()).unwrap()));
    assert_eq!(cell.info().to_string(), "hits=1 misses=1 evictions=0 len=1 capacity=unbounded");
    let mut cell = cell;
    drop(std::mem::take(&mut cell));
    assert_eq!(cell.info().to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=unbounded");
}

/// Counts how many of its kind there are.
struct Counted<'a>(u64, &'a AtomicI64);

impl<'a> Counted<'a> {
    fn new(n: u64, alive: &'a AtomicI64) -> Self {
        alive.fetch_add(1, SeqCst);
        Self(n, alive)
    }
}
impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        Self::new(self.0, self.1)
    }
}
impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.1.fetch_sub(1, SeqCst);
    }
}

#[test]
fn a_reader_that_forgets_what_it_clones_keeps_it() {
    thread_local!(static CELL: Once<Loud> = const { Once::new() });
    struct Loud(Vec<u64>);
    impl Clone for Loud {
        fn clone(&self) -> Self {
            CELL.with(|cell| {
                cell.clear();
                cell.insert(0, (), Loud(vec![9]));
                cell.insert(0, (), Loud(vec![10]));
                assert!(cell.remove(0, &()));
            });
            Loud(self.0.clone())
        }
    }
    impl Drop for Loud {
        fn drop(&mut self) {
            let _ = CELL.try_with(|cell| cell.contains(0, &()));
        }
    }
    CELL.with(|cell| {
        for n in 0..10 {
            cell.insert(0, (), Loud(vec![n, n]));
            assert_eq!(cell.hit(0, &()).unwrap().0, [n, n]);
            assert_eq!(cell.info().len.unwrap(), 0);
        }
    });
}

#[test]
fn a_panic_in_clone_or_drop_leaves_the_cell_usable() {
    thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });
    struct Bad;
    impl Clone for Bad {
        fn clone(&self) -> Self {
            panic!("cannot be cloned");
        }
    }
    impl Drop for Bad {
        fn drop(&mut self) {
            DROPPED.set(DROPPED.get() + 1);
            assert!(thread::panicking(), "cannot be dropped");
        }
    }
    fn run(body: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(body)).is_err()
    }
    let mut cell = Once::<Bad>::new();
    cell.insert(0, (), Bad);
    assert!(run(|| drop(cell.hit(0, &()))));
    assert!(cell.contains(0, &()));
    assert!(run(|| cell.insert(0, (), Bad)));
    assert!(cell.contains(0, &()));
    assert!(run(|| cell.clear()));
    assert!(!cell.contains(0, &()));
    cell.insert(0, (), Bad);
    assert!(run(|| drop(std::mem::take(&mut cell))));
    assert!(!cell.contains(0, &()));
    cell.insert(0, (), Bad);
    assert!(run(|| drop(cell)));
    assert_eq!(DROPPED.get(), 4);
}

#[test]
fn threads_agree_on_one_value() {
    for _ in 0..if cfg!(miri) { 5 } else { 500 } {
        let boxed = Once::<Arc<usize>>::new();
        let plain = Once::<[usize; 4]>::new();
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            for thread in 0..4 {
                let (boxed, plain, barrier) = (&boxed, &plain, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let value = call(boxed, || Arc::new(thread));
                    assert!(Arc::ptr_eq(&value, &call(boxed, || unreachable!())));
                    let value = call(plain, || [thread; 4]);
                    assert!(value.iter().all(|&it| it == value[0]));
                });
            }
        });
    }
}

#[test]
fn threads_may_do_everything_at_once() {
    for _ in 0..if cfg!(miri) { 1 } else { 20 } {
        let alive = AtomicI64::new(0);
        let boxed = Once::<Counted<'_>>::new();
        let plain = Once::<[u64; 8]>::new();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for thread in 0..3 {
                let (boxed, plain, alive, stop) = (&boxed, &plain, &alive, &stop);
                scope.spawn(move || {
                    while !stop.load(SeqCst) {
                        call(boxed, || Counted::new(thread, alive));
                        let value = call(plain, || [thread; 8]);
                        assert!(value.iter().all(|&it| it == value[0]));
                    }
                });
            }
            for n in 0..if cfg!(miri) { 50 } else { 2000 } {
                match n % 3 {
                    0 => {
                        boxed.clear();
                        plain.clear();
                    }
                    1 => {
                        boxed.remove(0, &());
                        plain.remove(0, &());
                    }
                    _ => {
                        boxed.insert(0, (), Counted::new(n, &alive));
                        plain.insert(0, (), [n; 8]);
                    }
                }
            }
            stop.store(true, SeqCst);
        });
        boxed.clear();
        assert_eq!(alive.load(SeqCst), 0);
    }
}
