//! Counts, contents and the order of eviction are as without the feature; a dynamic program stays linear.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use memo_runtime::memoize;

thread_local! {
    static BODIES: Cell<u64> = const { Cell::new(0) };
    static PANICS: Cell<bool> = const { Cell::new(false) };
}

fn count() {
    BODIES.set(BODIES.get() + 1);
}

#[memoize]
struct Program {
    modulus: u64,
}

#[memoize]
impl Program {
    fn new() -> Self {
        Self { modulus: 1_000_007 }
    }
    #[memoize(stats)]
    fn paths(&self, n: u64) -> u64 {
        count();
        if n < 2 { 1 } else { (self.paths(n - 1) + self.paths(n - 2)) % self.modulus }
    }
    #[memoize(capacity = 3, stats)]
    fn bounded(&self, n: u64) -> u64 {
        count();
        if n < 2 { 1 } else { (self.bounded(n - 1) + self.bounded(n - 2)) % self.modulus }
    }
    #[memoize(returns = "ref", stats)]
    fn lent(&self, n: u64) -> u64 {
        count();
        if n < 2 { 1 } else { (self.lent(n - 1) + self.lent(n - 2)) % self.modulus }
    }
}

#[memoize(unbounded, stats)]
fn fib(n: u64) -> u64 {
    count();
    if n < 2 { n } else { fib(n - 1).wrapping_add(fib(n - 2)) }
}

#[memoize(capacity = 3, unsync)]
fn local_fib(n: u64) -> u64 {
    count();
    if n < 2 { n } else { local_fib(n - 1).wrapping_add(local_fib(n - 2)) }
}

/// How many bodies a call takes.
fn bodies<R>(call: impl FnOnce() -> R) -> u64 {
    BODIES.set(0);
    call();
    BODIES.take()
}

#[test]
fn a_dynamic_program_stays_linear() {
    let program = Program::new();
    // 91 bodies, and one for each of the 89 hits in them, n = 1 to 89.
    assert_eq!(bodies(|| program.paths(90)), 91 + 88);
    assert_eq!(bodies(|| program.paths(90)), 1);
    assert_eq!(bodies(|| program.lent(90)), 91 + 88);
    assert_eq!(bodies(|| program.lent(90)), 1);
    assert_eq!(bodies(|| fib(90)), 91 + 88);
    assert_eq!(bodies(|| fib(90)), 1);
}

#[test]
fn nor_is_it_exponential_where_the_inner_entries_are_gone() {
    let program = Program::new();
    program.paths(90);
    for n in 0..90 {
        program.paths_cache().remove((n,));
    }
    assert_eq!(bodies(|| program.paths(90)), 91);
    // What was computed beside is gone again.
    assert_eq!(program.paths_cache().len(), 1);
    assert_eq!(bodies(|| program.paths(90)), 91);
    fib(80);
    for n in 0..80 {
        fib_cache().remove((n,));
    }
    assert_eq!(bodies(|| fib(80)), 81);
    assert!(!fib_cache().contains((79,)));
    program.bounded(90);
    assert!(bodies(|| program.bounded(90)) <= 91);
    local_fib(90);
    assert!(bodies(|| local_fib(90)) <= 91);
    assert!(local_fib_cache().contains((90,)) && local_fib_cache().len() == 3);
}

#[test]
fn counts_contents_and_order_are_as_without() {
    let program = Program::new();
    program.bounded(4);
    // 4, 3, 2, 1, 0 missed; 1 and 2 hit. Evicted were 0 and 1.
    let info = program.bounded_cache().info();
    assert_eq!(info.to_string(), "hits=2 misses=5 evictions=2 len=3 capacity=3");
    program.bounded(4);
    let info = program.bounded_cache().info();
    assert_eq!(info.to_string(), "hits=3 misses=5 evictions=2 len=3 capacity=3");
    // The least recently used one is still 3: that 2 and 3 were asked for by what was verified is not seen.
    program.bounded(2);
    program.bounded(4);
    program.bounded_cache().insert((9,), 9);
    let has = |n| program.bounded_cache().contains((n,));
    assert_eq!((has(2), has(3), has(4), has(9)), (true, false, true, true));
}

#[memoize(capacity = 2, stats)]
fn outer(n: u64) -> u64 {
    left_out(n) + counted(n)
}
#[memoize(capacity = 2, stats, verify = false)]
fn left_out(n: u64) -> u64 {
    count();
    n
}
#[memoize(capacity = 2, stats)]
fn counted(n: u64) -> u64 {
    count();
    n
}

#[test]
fn what_a_verified_body_calls_is_not_counted_and_not_kept() {
    outer(1);
    assert_eq!(bodies(|| outer(1)), 0);
    counted_cache().clear();
    left_out_cache().clear();
    assert_eq!(bodies(|| outer(1)), 2);
    for info in [counted_cache().info(), left_out_cache().info()] {
        assert_eq!(info.to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=2");
    }
    assert_eq!(outer_cache().info().hits, Some(2));
}

#[memoize(unbounded)]
fn panicking(n: u64) -> u64 {
    assert!(!PANICS.get(), "the body's own words");
    inside(n)
}
#[memoize(unbounded)]
fn inside(n: u64) -> u64 {
    count();
    n
}

#[test]
fn a_panic_in_the_body_is_passed_on() {
    panicking(1);
    PANICS.set(true);
    let payload = catch_unwind(|| panicking(1)).expect_err("the body panics");
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"the body's own words"));
    PANICS.set(false);
    // Nothing is poisoned, and calls are verified again.
    assert_eq!(panicking(1), 1);
    assert_eq!(bodies(|| inside(1)), 1);
}

/// A value whose drop, in a thread that panics, finds a difference.
struct Finds;
thread_local! {
    static TIME: Cell<u64> = const { Cell::new(0) };
}
#[memoize]
fn time() -> u64 {
    TIME.get()
}
impl Drop for Finds {
    fn drop(&mut self) {
        assert_eq!(time(), 0);
    }
}

#[test]
fn a_difference_in_a_panicking_thread_does_not_abort() {
    time();
    TIME.set(1);
    let payload = catch_unwind(AssertUnwindSafe(|| {
        let _finds = Finds;
        panic!("first");
    }));
    assert_eq!(payload.expect_err("it panics").downcast_ref::<&str>(), Some(&"first"));
}

#[test]
fn a_peek_is_not_verified() {
    TIME.set(0);
    time_cache().insert((), 5);
    assert_eq!(time_cache().peek(()), Some(5));
    assert!(time_cache().contains(()));
    time_cache().clear();
}
