//! Contract point 3: no memoized call returns what was computed from an earlier state of its instance.

use std::{
    cell::Cell,
    future::Future,
    ops::AddAssign,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    task::{Context, Poll, Waker},
    thread,
};

use memo_runtime::{clear_instance, memoize};

/// A table whose every method counts how often its body ran.
#[memoize]
#[derive(Default)]
struct Table {
    factor: u64,
    parts: Vec<u64>,
    #[memoize(untracked)]
    bodies: AtomicUsize,
}

struct Stopped;

#[memoize]
impl Table {
    fn new(factor: u64) -> Self {
        Self { factor, parts: vec![1, 2, 3], bodies: AtomicUsize::new(0) }
    }

    fn count(&self) {
        self.bodies.fetch_add(1, Relaxed);
    }

    #[memoize]
    fn times(&self, n: u64) -> u64 {
        self.count();
        self.factor * n
    }

    #[memoize(capacity = 8)]
    fn bounded(&self, n: u64) -> u64 {
        self.count();
        self.factor * n
    }

    #[memoize]
    fn sum(&self) -> u64 {
        self.count();
        self.parts.iter().sum::<u64>() * self.factor
    }

    #[memoize(returns = "ref")]
    fn kept(&self, n: u64) -> Vec<u64> {
        self.count();
        vec![self.factor * n; 3]
    }

    #[memoize(returns = "ref")]
    fn kept_sum(&self) -> String {
        self.count();
        format!("{}", self.factor)
    }

    #[memoize]
    fn path_sum(&self, n: u64) -> u64 {
        self.count();
        if n < 2 { self.factor } else { self.path_sum(n - 1).wrapping_add(self.path_sum(n - 2)) }
    }

    /// All stores, in one number.
    fn every(&self, n: u64) -> u64 {
        self.times(n)
            + self.bounded(n)
            + self.sum()
            + self.kept(n)[0]
            + u64::from(self.kept_sum() == &self.factor.to_string())
    }

    fn set(&mut self, factor: u64) {
        self.factor = factor;
    }

    fn set_early(&mut self, factor: u64) -> bool {
        if factor == 0 {
            return false;
        }
        self.factor = factor;
        if factor > 10 {
            return true;
        }
        self.parts.push(factor);
        false
    }

    fn try_set(&mut self, factor: Option<u64>) -> Option<u64> {
        self.parts.push(7);
        let factor = factor?;
        self.factor = factor;
        Some(factor)
    }

    fn set_and_panic(&mut self, factor: u64) {
        assert_eq!(self.every(1), self.fresh(1));
        self.factor = factor;
        assert_eq!(self.every(1), self.fresh(1));
        panic!("after the change");
    }

    fn factor_mut(&mut self) -> &mut u64 {
        assert_eq!(self.every(1), self.fresh(1));
        &mut self.factor
    }

    fn counting_up(&mut self) -> impl Iterator<Item = u64> + '_ {
        assert_eq!(self.times(1), self.factor);
        (0..3).map(move |step| {
            self.factor += step;
            assert_eq!(self.every(1), self.fresh(1));
            self.factor += 1;
            self.times(1)
        })
    }

    fn boxed<'a>(&'a mut self) -> Box<dyn FnMut(u64) -> (u64, u64) + 'a> {
        Box::new(move |factor| {
            let before = self.times(1);
            self.factor = factor;
            (before, self.times(1))
        })
    }

    #[allow(clippy::type_complexity)]
    fn in_a_macro<'a>(&'a mut self) -> Vec<Box<dyn FnMut(u64) -> (u64, u64) + 'a>> {
        vec![Box::new(move |factor| {
            let before = self.times(1);
            self.set(factor);
            (before, self.times(1))
        })]
    }

    fn later(&mut self, factor: u64) -> impl Future<Output = (u64, u64)> + '_ {
        async move {
            let before = self.times(1);
            yield_now().await;
            self.factor = factor;
            yield_now().await;
            (before, self.times(1))
        }
    }

    async fn set_slowly(&mut self, factor: u64) -> u64 {
        assert_eq!(self.every(1), self.fresh(1));
        self.factor += 1;
        assert_eq!(self.every(1), self.fresh(1));
        yield_now().await;
        self.factor = factor;
        yield_now().await;
        self.every(1)
    }

    fn call_change_call(&mut self) -> (u64, u64) {
        let before = self.every(5);
        self.factor += 1;
        let after = self.every(5);
        self.factor += 1;
        (before, after)
    }

    fn nested(&mut self) -> [u64; 3] {
        let first = self.every(2);
        self.call_change_call();
        let second = self.every(2);
        self.set(100);
        let third = self.every(2);
        self.factor = 200;
        [first, second, third]
    }

    fn recursive(&mut self, depth: u64) {
        if depth > 0 {
            assert_eq!(self.every(depth), self.fresh(depth));
            self.factor += depth;
            self.recursive(depth - 1);
            assert_eq!(self.every(depth), self.fresh(depth));
            self.factor += 1;
        }
    }

    fn dynamic_program(&mut self) -> u64 {
        self.factor = 1;
        let result = self.path_sum(90);
        self.factor = 2;
        result
    }

    fn in_threads(&mut self) -> Vec<u64> {
        let mut seen = Vec::new();
        for _ in 0..20 {
            let table: &Self = self;
            thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| table.every(3))).collect();
                seen.extend(threads.into_iter().filter_map(|thread| thread.join().ok()));
            });
            assert_eq!(seen.last().copied(), Some(self.fresh(3)));
            self.factor += 1;
        }
        seen
    }

    #[memoize(changes())]
    fn touch(&mut self) {
        self.bodies.fetch_add(1000, Relaxed);
    }

    fn with_factor(mut self, factor: u64) -> Self {
        assert_eq!(self.every(1), self.fresh(1));
        self.factor = factor;
        self
    }

    fn rebuilt(self) -> Self {
        let mut table = self;
        table.factor += 1;
        table
    }

    fn give_to(&self, other: &mut Self) {
        assert_eq!(other.every(1), other.fresh(1));
        other.factor = self.factor;
    }

    fn swap_factors(&mut self, other: &mut Table) {
        std::mem::swap(&mut self.factor, &mut other.factor);
    }

    /// What `every` is, without any cache.
    fn fresh(&self, n: u64) -> u64 {
        3 * self.factor * n + self.parts.iter().sum::<u64>() * self.factor + 1
    }
}

#[memoize]
impl Iterator for Table {
    type Item = u64;
    fn next(&mut self) -> Option<u64> {
        let before = self.every(1);
        assert_eq!(before, self.fresh(1));
        self.factor += 1;
        Some(before)
    }
}

#[memoize]
impl AddAssign<u64> for Table {
    fn add_assign(&mut self, more: u64) {
        self.factor += more;
    }
}

/// Pending once.
async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return output;
        }
    }
}

/// A table with all its caches filled.
fn filled() -> Table {
    let table = Table::new(2);
    assert_eq!(table.every(1), table.fresh(1));
    assert_eq!(table.every(3), table.fresh(3));
    table
}

/// The caches agree with the state, and fill again.
fn assert_fresh(table: &Table) {
    for n in [1, 3, 1, 3, 5] {
        assert_eq!(table.every(n), table.fresh(n));
    }
    let bodies = table.bodies.load(Relaxed);
    for n in [1, 3, 5] {
        assert_eq!(table.every(n), table.fresh(n));
    }
    assert_eq!(table.bodies.load(Relaxed), bodies, "the caches do not fill again");
}

#[test]
fn setter_empties_every_store() {
    let mut table = filled();
    table.set(9);
    assert!(table.times_cache().is_empty());
    assert!(table.bounded_cache().is_empty());
    assert!(table.sum_cache().is_empty());
    assert!(table.kept_cache().is_empty());
    assert!(table.kept_sum_cache().is_empty());
    assert_fresh(&table);
}

#[test]
fn early_return_leaves_nothing_stale() {
    for factor in [0, 5, 50] {
        let mut table = filled();
        table.set_early(factor);
        assert_fresh(&table);
    }
}

#[test]
fn question_mark_leaves_nothing_stale() {
    for factor in [None, Some(4)] {
        let mut table = filled();
        table.try_set(factor);
        assert_fresh(&table);
    }
}

#[test]
fn panic_leaves_nothing_stale() {
    let mut table = filled();
    assert!(catch_unwind(AssertUnwindSafe(|| table.set_and_panic(8))).is_err());
    assert_eq!(table.factor, 8);
    assert_fresh(&table);
}

#[test]
fn returned_borrow_leaves_nothing_stale() {
    let mut table = filled();
    *table.factor_mut() = 11;
    assert_fresh(&table);
}

#[test]
fn returned_iterator_leaves_nothing_stale() {
    let mut table = filled();
    let mut steps = table.counting_up();
    assert_eq!((steps.next(), steps.next()), (Some(3), Some(5)));
    drop(steps);
    assert_fresh(&table);
}

#[test]
fn returned_closures_leave_nothing_stale() {
    let mut table = filled();
    let mut change = table.boxed();
    assert_eq!(change(7), (2, 7));
    assert_eq!(change(8), (7, 8));
    drop(change);
    assert_fresh(&table);
    let mut changes = table.in_a_macro();
    assert_eq!(changes[0](9), (8, 9));
    assert_eq!(changes[0](10), (9, 10));
    drop(changes);
    assert_fresh(&table);
}

#[test]
fn returned_future_leaves_nothing_stale() {
    let mut table = filled();
    assert_eq!(block_on(table.later(6)), (2, 6));
    assert_fresh(&table);
    {
        let mut future = pin!(table.later(7));
        assert!(poll(future.as_mut()).is_pending());
        assert!(poll(future.as_mut()).is_pending());
    }
    assert_eq!(table.factor, 7);
    assert_fresh(&table);
}

#[test]
fn finished_async_fn_leaves_nothing_stale() {
    let mut table = filled();
    assert_eq!(block_on(table.set_slowly(12)), 3 * 12 + 6 * 12 + 1);
    assert_fresh(&table);
}

#[test]
fn async_fn_dropped_halfway_leaves_nothing_stale() {
    for polls in 0..3 {
        let mut table = filled();
        {
            let mut future = pin!(table.set_slowly(12));
            for _ in 0..polls {
                assert!(poll(future.as_mut()).is_pending());
            }
        }
        assert_fresh(&table);
    }
}

#[test]
fn forgotten_future_leaves_the_instance_slow_but_right() {
    let mut table = filled();
    let mut future = Box::pin(table.set_slowly(12));
    assert!(poll(future.as_mut()).is_pending());
    std::mem::forget(future);
    for n in [1, 3, 1] {
        assert_eq!(table.every(n), table.fresh(n));
    }
    table.set(4);
    assert_eq!(table.every(1), table.fresh(1));
}

#[test]
fn calls_inside_see_the_state_as_it_is() {
    let mut table = filled();
    assert_eq!(table.call_change_call(), (3 * 2 * 5 + 12 + 1, 3 * 3 * 5 + 18 + 1));
    assert_fresh(&table);
}

#[test]
fn nested_and_recursive_mutators_leave_nothing_stale() {
    let mut table = filled();
    assert_eq!(table.nested(), [2 * 6 + 12 + 1, 4 * 6 + 24 + 1, 600 + 600 + 1]);
    assert_fresh(&table);
    table.recursive(6);
    assert_fresh(&table);
}

#[test]
fn dynamic_program_in_a_mutator_is_linear() {
    let mut table = Table::new(1);
    assert_eq!(table.dynamic_program(), 4_660_046_610_375_530_309);
    assert_eq!(table.bodies.load(Relaxed), 91);
    assert_eq!(table.path_sum(2), 4);
}

#[test]
fn threads_inside_a_mutator_see_the_state_as_it_is() {
    let mut table = filled();
    let seen = table.in_threads();
    assert_eq!(seen.len(), 80);
    for (round, seen) in (0..).zip(seen.chunks(4)) {
        let factor = 2 + round;
        assert!(seen.iter().all(|all| *all == 9 * factor + 6 * factor + 1));
    }
    assert_fresh(&table);
}

#[test]
fn references_held_inside_a_mutator_stay_valid() {
    #[memoize]
    struct Words {
        word: String,
    }
    #[memoize]
    impl Words {
        #[memoize(returns = "ref")]
        fn times(&self, n: usize) -> String {
            self.word.repeat(n)
        }
        fn grow(&mut self) -> String {
            let mut result = String::new();
            for _ in 0..3 {
                let once = self.times(1);
                let twice = self.times(2);
                let again = self.times(1);
                result.extend([once, twice, again].map(String::as_str));
                result.push(' ');
                self.word.push('b');
            }
            result
        }
    }
    let mut words = Words { word: "a".into(), memo: Default::default() };
    assert_eq!(words.times(3), "aaa");
    assert_eq!(words.grow(), "aaaa abababab abbabbabbabb ");
    assert_eq!(words.times(1), "abbb");
}

#[test]
fn keep_leaves_the_caches() {
    let mut table = filled();
    table.touch();
    assert!(!table.times_cache().is_empty());
    assert!(!table.sum_cache().is_empty());
}

#[test]
fn blocks_without_memoized_methods_empty_the_caches() {
    let mut table = filled();
    assert_eq!(table.next(), Some(table_all(2)));
    assert_eq!(table.next(), Some(table_all(3)));
    assert_fresh(&table);
    table += 5;
    assert_eq!(table.factor, 9);
    assert_fresh(&table);
}

fn table_all(factor: u64) -> u64 {
    3 * factor + 6 * factor + 1
}

#[test]
fn methods_by_value_leave_nothing_stale() {
    let table = filled().with_factor(5);
    assert_eq!(table.factor, 5);
    assert_fresh(&table);
    let table = table.rebuilt();
    assert_eq!(table.factor, 6);
    assert_fresh(&table);
}

#[test]
fn instances_that_are_arguments_are_emptied_too() {
    let (mut table, mut other) = (filled(), filled());
    other.set(30);
    assert_fresh(&other);
    table.swap_factors(&mut other);
    assert_fresh(&table);
    assert_fresh(&other);
    table.give_to(&mut other);
    assert_eq!(other.factor, 30);
    assert_fresh(&other);
}

#[test]
fn clear_instance_empties_every_store() {
    let mut table = filled();
    table.factor = 77;
    clear_instance(&mut table);
    assert_fresh(&table);
}

#[test]
fn generic_types_stay_fresh() {
    #[memoize]
    struct Pair<T> {
        left: T,
        right: T,
    }
    // No bounds here, more in the other block.
    #[memoize]
    impl<T> Pair<T> {
        fn new(left: T, right: T) -> Self {
            Self { left, right }
        }
        fn set_left(&mut self, left: T) {
            self.left = left;
        }
        fn swap(&mut self) {
            self.reorder();
        }
        fn reorder(&mut self) {
            std::mem::swap(&mut self.left, &mut self.right);
        }
    }
    #[memoize]
    impl<T: Clone + Into<u64>> Pair<T> {
        #[memoize]
        fn difference(&self, scale: u64) -> u64 {
            scale * (self.right.clone().into() - self.left.clone().into())
        }
        fn widen(&mut self, right: T) -> u64 {
            let before = self.difference(1);
            self.right = right;
            self.difference(1) - before
        }
    }
    let mut pair = Pair::new(1_u32, 5);
    assert_eq!(pair.difference(2), 8);
    pair.set_left(3);
    assert_eq!(pair.difference(2), 4);
    assert_eq!(pair.widen(10), 5);
    assert_eq!(pair.difference(2), 14);
    pair.set_left(20);
    pair.swap();
    assert_eq!(pair.difference(1), 10);
}

#[test]
fn type_scoped_blocks_empty_the_caches_too() {
    #[memoize]
    struct Counter {
        n: u32,
    }
    #[memoize]
    impl Counter {
        #[memoize]
        fn doubled(&self) -> u32 {
            self.n * 2
        }
    }
    #[memoize]
    impl Counter {
        #[memoize(scope = "type", unbounded)]
        fn square(n: u32) -> u32 {
            n * n
        }
        fn bump(&mut self) {
            self.n += 1;
        }
        fn bump_twice(&mut self) -> u32 {
            self.bump();
            let once = self.doubled();
            self.bump();
            once
        }
    }
    let mut counter = Counter { n: 1, memo: Default::default() };
    assert_eq!(counter.doubled(), 2);
    counter.bump();
    assert_eq!(counter.doubled(), 4);
    assert_eq!(counter.bump_twice(), 6);
    assert_eq!(counter.doubled(), 8);
    assert_eq!(Counter::square(counter.n), 16);
}

#[test]
fn unsync_stores_stay_fresh() {
    #[memoize]
    struct Local {
        n: u32,
        #[memoize(untracked)]
        bodies: Cell<u32>,
    }
    #[memoize]
    impl Local {
        #[memoize(unsync)]
        fn unbounded(&self, m: u32) -> u32 {
            self.bodies.set(self.bodies.get() + 1);
            self.n * m
        }
        #[memoize(unsync, capacity = 4)]
        fn bounded(&self, m: u32) -> u32 {
            self.n * m
        }
        #[memoize(unsync)]
        fn single(&self) -> u32 {
            self.n
        }
        #[memoize(unsync, returns = "ref")]
        fn kept(&self, m: u32) -> u32 {
            self.n * m
        }
        fn every(&self) -> u32 {
            self.unbounded(3) + self.bounded(3) + self.single() + self.kept(3)
        }
        fn step(&mut self) -> (u32, u32) {
            let before = self.every();
            self.n += 1;
            let after = self.every();
            self.n += 1;
            (before, after)
        }
    }
    let mut local = Local { n: 1, bodies: Cell::new(0), memo: Default::default() };
    assert_eq!(local.every(), 10);
    assert_eq!(local.step(), (10, 20));
    assert_eq!((local.every(), local.every()), (30, 30));
    assert_eq!(local.bodies.get(), 4);
}

#[test]
fn accessors_inside_a_mutator_keep_nothing() {
    #[memoize]
    struct Gauge {
        n: u32,
    }
    #[memoize]
    impl Gauge {
        #[memoize]
        fn read(&self, m: u32) -> u32 {
            self.n + m
        }
        fn tamper(&mut self) -> u32 {
            self.read_cache().insert((1,), 999);
            assert!(self.read_cache().info().capacity.is_none());
            let seen = self.read(1);
            self.n += 1;
            seen
        }
    }
    let mut gauge = Gauge { n: 1, memo: Default::default() };
    assert_eq!(gauge.tamper(), 2);
    assert_eq!(gauge.read(1), 3);
}

#[test]
fn format_strings_that_capture_the_instance_are_seen() {
    #[memoize]
    struct Shown {
        n: u32,
    }
    #[memoize]
    impl std::fmt::Display for Shown {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", self.doubled())
        }
    }
    #[memoize]
    impl Shown {
        #[memoize]
        fn doubled(&self) -> u32 {
            self.n * 2
        }
        fn log_and_bump(&mut self) -> String {
            let log = format!("{self}");
            self.n += 1;
            log
        }
    }
    let mut shown = Shown { n: 1, memo: Default::default() };
    assert_eq!(shown.log_and_bump(), "2");
    assert_eq!((shown.doubled(), shown.to_string().as_str()), (4, "4"));
}

#[test]
fn pinned_mutators_empty_the_caches() {
    #[memoize]
    struct Pinned {
        n: u32,
    }
    #[memoize]
    impl Pinned {
        #[memoize]
        fn doubled(&self) -> u32 {
            self.n * 2
        }
        fn set(self: Pin<&mut Self>, n: u32) -> u32 {
            let this = self.get_mut();
            let before = this.doubled();
            this.n = n;
            before
        }
    }
    let mut pinned = Box::pin(Pinned { n: 1, memo: Default::default() });
    assert_eq!(pinned.doubled(), 2);
    assert_eq!(pinned.as_mut().set(4), 2);
    assert_eq!(pinned.doubled(), 8);
}

#[test]
fn a_copy_that_is_changed_has_its_own_answer() {
    #[memoize]
    #[derive(Clone)]
    struct Square {
        side: u32,
    }
    #[memoize]
    impl Square {
        #[memoize]
        fn area(&self) -> u32 {
            self.side * self.side
        }
        fn set_side(&mut self, side: u32) {
            self.side = side;
        }
    }
    let square = Square { side: 2, memo: Default::default() };
    assert_eq!(square.area(), 4);
    let mut copy = square.clone();
    assert!(copy.area_cache().is_empty());
    copy.set_side(3);
    assert_eq!((square.area(), copy.area()), (4, 9));
}

#[test]
fn an_error_of_a_mutator_leaves_nothing_stale() {
    #[memoize]
    struct Level {
        n: u32,
    }
    #[memoize]
    impl Level {
        #[memoize]
        fn shown(&self) -> String {
            self.n.to_string()
        }
        fn raise(&mut self, by: u32) -> Result<(), Stopped> {
            self.n += by;
            if self.shown().len() > 1 {
                return Err(Stopped);
            }
            self.n += 1;
            Ok(())
        }
    }
    let mut level = Level { n: 1, memo: Default::default() };
    assert_eq!(level.shown(), "1");
    assert!(level.raise(1).is_ok());
    assert_eq!(level.shown(), "3");
    assert!(level.raise(10).is_err());
    assert_eq!(level.shown(), "13");
}
