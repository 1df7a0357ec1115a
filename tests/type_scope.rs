//! Contract point 2 in type scope: one cache per concrete type and method, for as long as the process lives.

use std::cell::Cell;

use memo_runtime::memoize;

thread_local! {
    static RUN: Cell<u32> = const { Cell::new(0) };
}

fn run() {
    RUN.set(RUN.get() + 1);
}

/// How many bodies `calls` ran.
fn bodies(calls: impl FnOnce()) -> u32 {
    let before = RUN.get();
    calls();
    RUN.get() - before
}

struct Plain;

#[memoize]
impl Plain {
    #[memoize(scope = "type", unbounded)]
    fn double(n: u64) -> u64 {
        run();
        n * 2
    }
    #[memoize(unbounded)]
    fn triple(n: u64) -> u64 {
        run();
        n * 3
    }
    #[memoize(capacity = 2, stats)]
    fn bounded(n: u64) -> u64 {
        run();
        n + 1
    }
    #[memoize]
    fn constant() -> String {
        run();
        "constant".into()
    }
    #[memoize(unbounded, accessor = squares)]
    fn square(n: u64) -> u64 {
        run();
        n * n
    }
    #[memoize(unbounded, accessor = false)]
    fn hidden(n: u64) -> u64 {
        run();
        n
    }
    #[memoize(capacity = 64, policy = "sieve", stats)]
    fn sieved(n: u64) -> u64 {
        run();
        n + 2
    }
}

enum Choice {
    #[allow(dead_code)]
    One,
}
#[memoize]
impl Choice {
    #[memoize(unbounded)]
    fn name(n: u8) -> String {
        run();
        format!("choice {n}")
    }
}

struct Wrapper<T>(T);
#[memoize]
impl<T: 'static> Wrapper<T> {
    #[memoize]
    fn size() -> usize {
        run();
        size_of::<T>()
    }
    #[memoize(unbounded)]
    fn sized(n: usize) -> usize {
        run();
        n * size_of::<T>()
    }
}

trait Named {
    fn code(n: u32) -> u32;
}
#[memoize]
impl Named for Plain {
    #[memoize(unbounded)]
    fn code(n: u32) -> u32 {
        run();
        n + 1
    }
}
#[memoize]
impl<T: Send + 'static> Named for Wrapper<T> {
    #[memoize(unbounded, accessor = code_cache)]
    fn code(n: u32) -> u32 {
        run();
        n + size_of::<T>() as u32
    }
}

#[memoize(unbounded)]
fn fib(n: u64) -> u64 {
    run();
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

mod elsewhere {
    #[memo_runtime::memoize(capacity = 4)]
    pub(super) fn length(text: &str, factor: usize) -> usize {
        super::run();
        text.len() * factor
    }
}

#[test]
fn second_call_is_a_hit() {
    assert_eq!(bodies(|| assert_eq!((Plain::double(2), Plain::double(2)), (4, 4))), 1);
    assert_eq!(bodies(|| assert_eq!((Plain::hidden(2), Plain::hidden(2)), (2, 2))), 1);
    assert_eq!(bodies(|| assert_eq!(Plain::constant(), Plain::constant())), 1);
    assert_eq!(bodies(|| assert_eq!(Choice::name(1), Choice::name(1))), 1);
}

#[test]
fn scope_defaults_to_type_without_a_receiver() {
    assert_eq!(bodies(|| assert_eq!((Plain::triple(5), Plain::triple(5)), (15, 15))), 1);
    assert!(Plain::triple_cache().contains((5,)));
}

#[test]
fn methods_do_not_share_entries() {
    assert_eq!((Plain::double(100), Plain::triple(100), Plain::square(100)), (200, 300, 10_000));
    assert!(Plain::squares().contains((100,)));
}

#[test]
fn capacity_bounds_the_cache() {
    for n in [1, 2, 1, 3, 1] {
        assert_eq!(Plain::bounded(n), n + 1);
    }
    assert_eq!(
        Plain::bounded_cache().info().to_string(),
        "hits=2 misses=3 evictions=1 len=2 capacity=2"
    );
}

#[test]
fn counts_add_up_when_a_cache_is_full() {
    for n in 0..1000 {
        assert_eq!(Plain::sieved(n), n + 2);
    }
    let info = Plain::sieved_cache().info();
    assert_eq!((info.len, info.capacity, info.misses), (Some(64), Some(64), Some(1000)));
    assert_eq!(info.evictions, Some(1000 - 64));
}

#[test]
fn concrete_types_do_not_share_entries() {
    assert_eq!((Wrapper::<u8>::size(), Wrapper::<u64>::size(), Wrapper::<u8>::size()), (1, 8, 1));
    assert_eq!((Wrapper::<u16>::sized(3), Wrapper::<u32>::sized(3)), (6, 12));
    assert_eq!(Wrapper::<u16>::sized_cache().peek((3,)), Some(6));
    assert!(Wrapper::<u128>::sized_cache().is_empty());
    assert_eq!(Wrapper(1_u8).0, 1);
}

#[test]
fn types_of_one_trait_do_not_share_entries() {
    assert_eq!((Plain::code(10), Wrapper::<u32>::code(10), Wrapper::<u8>::code(10)), (11, 14, 11));
    assert_eq!(Wrapper::<u32>::code_cache().peek((10,)), Some(14));
}

#[test]
fn parameters_of_the_trait_alone_separate_too() {
    trait Of<T, const N: usize, const B: bool> {
        fn of(n: usize) -> usize;
    }
    #[memoize]
    impl<T: 'static, const N: usize, const B: bool> Of<T, N, B> for Plain {
        #[memoize(unbounded)]
        fn of(n: usize) -> usize {
            n * N * size_of::<T>() + usize::from(B)
        }
    }
    assert_eq!(<Plain as Of<u8, 2, false>>::of(5), 10);
    assert_eq!(<Plain as Of<u8, 3, false>>::of(5), 15);
    assert_eq!(<Plain as Of<u8, 3, true>>::of(5), 16);
    assert_eq!(<Plain as Of<u16, 3, true>>::of(5), 31);
}

#[test]
fn free_functions_are_memoized() {
    assert_eq!(bodies(|| assert_eq!(fib(90), 2_880_067_194_370_816_120)), 91);
    assert_eq!(fib_cache().len(), 91);
    assert_eq!(bodies(|| assert_eq!(elsewhere::length("abc", 2), elsewhere::length("abc", 2))), 1);
    assert!(elsewhere::length_cache().contains(("abc", 2)));
}

#[test]
fn entries_live_across_threads() {
    std::thread::spawn(|| assert_eq!(Plain::double(777), 1554)).join().unwrap();
    assert_eq!(bodies(|| assert_eq!(Plain::double(777), 1554)), 0);
}

/// Values of a type without caches are keys like any other, also of the block's own type.
mod own_values {
    use memo_runtime::memoize;

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub enum Op {
        Number(i64),
        Sum(Vec<Op>),
    }

    #[memoize]
    impl Op {
        #[memoize(scope = "type", unbounded)]
        pub fn eval(op: &Op) -> i64 {
            match op {
                Self::Number(number) => *number,
                Self::Sum(terms) => terms.iter().map(Self::eval).sum(),
            }
        }
        #[memoize(unbounded)]
        pub fn eval_owned(op: Self, times: i64) -> i64 {
            times * Self::eval(&op)
        }
        #[memoize(capacity = 2, key(op: Op = op.clone()))]
        pub fn eval_by_key(op: &Op) -> i64 {
            Self::eval(op)
        }
        #[memoize(unbounded)]
        pub fn eval_all(ops: &[Self], first: Option<&Self>) -> i64 {
            ops.iter().chain(first).map(Self::eval).sum()
        }
    }

    pub trait Twice: Sized {
        fn twice(value: Self) -> i64;
    }
    #[memoize]
    impl Twice for Op {
        #[memoize(unbounded)]
        fn twice(value: Op) -> i64 {
            2 * Op::eval(&value)
        }
    }
    #[memoize]
    impl Twice for i64 {
        #[memoize(unbounded)]
        fn twice(value: Self) -> i64 {
            2 * value
        }
    }

    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct Pair<T>(pub T, pub T);
    #[memoize]
    impl<T: Clone + Eq + std::hash::Hash + Into<i64> + Send + Sync + 'static> Pair<T> {
        #[memoize(unbounded)]
        pub fn sum(pair: &Self) -> i64 {
            pair.0.clone().into() + pair.1.clone().into()
        }
    }
}

#[test]
fn own_values_without_caches_are_keys() {
    use own_values::{Op, Pair, Twice};
    let op = Op::Sum(vec![Op::Number(1), Op::Sum(vec![Op::Number(2), Op::Number(3)])]);
    assert_eq!((Op::eval(&op), Op::eval(&op)), (6, 6));
    assert_eq!(Op::eval_cache().len(), 5);
    assert!(Op::eval_cache().contains((&Op::Number(2),)));
    assert_eq!((Op::eval_owned(op.clone(), 2), Op::eval_by_key(&op)), (12, 6));
    assert_eq!(Op::eval_all(std::slice::from_ref(&op), Some(&op)), 12);
    assert_eq!((Op::twice(op), i64::twice(4)), (12, 8));
    assert_eq!((Pair::sum(&Pair(1_u8, 2)), Pair::sum(&Pair(1_i32, -1))), (3, 0));
}
