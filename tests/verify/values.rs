//! What can be compared and shown is found out by type; nothing is asked of the user.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use memo_runtime::memoize;

use crate::{finds, said};

thread_local! {
    /// What all bodies here depend on, and nobody sees.
    static WORLD: Cell<u64> = const { Cell::new(0) };
}

fn world() -> u64 {
    WORLD.get()
}

#[derive(Clone)]
struct Blank(u64);

#[derive(Clone, PartialEq)]
struct Hidden(u64);

#[memoize]
fn blank() -> Blank {
    Blank(world())
}
#[memoize]
fn hidden() -> Hidden {
    Hidden(world())
}

#[test]
fn what_is_not_partial_eq_is_not_compared() {
    WORLD.set(1);
    assert_eq!(blank().0, 1);
    WORLD.set(2);
    assert_eq!(blank().0, 1);
}

#[test]
fn what_is_not_debug_is_not_shown() {
    WORLD.set(1);
    assert_eq!(hidden().0, 1);
    WORLD.set(2);
    let message = said(hidden);
    assert!(message.contains("  cached     _\n  now        _\n"), "{message}");
}

#[memoize]
fn float() -> f64 {
    [0.0, -0.0, f64::NAN][world() as usize]
}
#[memoize(unbounded)]
fn not_numbers(text: &str) -> (Vec<f64>, usize) {
    (vec![f64::NAN], text.len())
}
#[memoize]
fn not_a_number() -> f64 {
    f64::NAN
}

#[test]
fn floats_are_compared_by_value_and_nan_is_left_out() {
    for world in [0, 1] {
        WORLD.set(world);
        assert_eq!(float(), 0.0);
    }
    WORLD.set(2);
    assert!(finds("float", float));
    for _ in 0..2 {
        assert!(not_a_number().is_nan());
        assert_eq!(not_numbers("ab").1, 2);
    }
}

type Fallible<T> = Result<T, Blank>;

fn fallible() -> Fallible<u64> {
    if world() < 2 { Ok(world()) } else { Err(Blank(0)) }
}

#[memoize]
fn written() -> Result<u64, Blank> {
    fallible()
}
#[memoize]
fn behind_alias() -> Fallible<u64> {
    fallible()
}
#[memoize]
fn blank_result() -> Result<Blank, Blank> {
    fallible().map(Blank)
}

#[test]
fn of_a_result_ok_is_compared_and_err_is_a_difference() {
    WORLD.set(2);
    assert!(written().is_err() && behind_alias().is_err() && blank_result().is_err());
    WORLD.set(0);
    for _ in 0..2 {
        assert!(written().is_ok() && behind_alias().is_ok() && blank_result().is_ok());
    }
    WORLD.set(1);
    assert!(finds("written", written));
    assert!(finds("behind_alias", behind_alias));
    assert!(blank_result().is_ok());
    WORLD.set(2);
    let message = said(written);
    assert!(message.contains("  cached     Ok(0)\n  now        Err(_)\n"), "{message}");
    assert!(finds("behind_alias", behind_alias));
    assert!(finds("blank_result", blank_result));
}

#[memoize(cache_if = |value: &Option<u64>| value.is_some())]
fn found() -> Option<u64> {
    (world() == 1).then_some(1)
}

#[test]
fn what_would_not_be_cached_now_is_a_difference() {
    WORLD.set(1);
    assert_eq!(found(), Some(1));
    WORLD.set(0);
    let message = said(found);
    assert!(message.contains("  cached     Some(1)\n  now        None\n"), "{message}");
}

#[memoize]
struct Wrap<T> {
    inner: T,
}

#[memoize]
impl<T: Clone> Wrap<T> {
    #[memoize]
    fn inner(&self) -> T {
        self.inner.clone()
    }
    #[memoize(returns = "ref")]
    fn listed(&self, times: usize) -> Vec<T> {
        vec![self.inner.clone(); times]
    }
    #[memoize]
    fn times(&self, count: u64) -> u64 {
        count * world()
    }
}

#[memoize(block = "known")]
impl<T: Clone + PartialEq + std::fmt::Debug> Known<T> {
    #[memoize]
    fn inner(&self) -> T {
        self.inner.clone()
    }
}

#[memoize(blocks("known"))]
struct Known<T> {
    inner: T,
}

#[memoize]
impl<T: Clone + PartialEq + std::fmt::Debug> Known<T> {
    #[memoize]
    fn other(&self) -> T {
        self.inner.clone()
    }
}

#[test]
fn in_generic_code_what_is_not_known_is_not_compared() {
    WORLD.set(1);
    let mut wrap = Wrap { inner: 1, memo: Default::default() };
    assert_eq!((wrap.inner(), wrap.listed(1).len(), wrap.times(2)), (1, 1, 2));
    wrap.inner = 2;
    assert_eq!((wrap.inner(), wrap.listed(1)), (1, &vec![1]));
    WORLD.set(2);
    assert!(finds("Wrap::times", || wrap.times(2)));
    let mut known = Known { inner: 1, memo: Default::default() };
    assert_eq!((known.inner(), known.other()), (1, 1));
    known.inner = 2;
    assert!(finds("Known::inner", || known.inner()));
    assert!(finds("Known::other", || known.other()));
}

/// Whose `Eq` and `Debug` call the method again.
#[derive(Clone)]
struct Calling(u64);
static COMPARED: AtomicU64 = AtomicU64::new(0);
impl PartialEq for Calling {
    fn eq(&self, other: &Self) -> bool {
        COMPARED.fetch_add(1, Relaxed);
        calling(1);
        self.0 == other.0
    }
}
impl std::fmt::Debug for Calling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Calling({})", calling(1).0)
    }
}
impl Drop for Calling {
    fn drop(&mut self) {
        if self.0 == 7 {
            calling(2);
        }
    }
}

#[memoize(capacity = 4)]
fn calling(id: u64) -> Calling {
    Calling(id + world())
}

#[test]
fn code_of_a_value_may_call_the_method_again() {
    WORLD.set(0);
    calling(1);
    calling(1);
    assert!(COMPARED.load(Relaxed) > 0);
    WORLD.set(6);
    assert!(said(|| calling(1)).contains("cached     Calling(1)\n"));
}
