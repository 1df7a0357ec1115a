//! An instance that changes under another name than `self`, or owned by something else, while memoized calls run, is never stale:
//! not in between, and not afterwards.

use memo_runtime::memoize;
use std::{
    cell::RefCell,
    iter,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

#[memoize]
#[derive(Clone)]
struct Counter {
    count: i64,
    step: i64,
}

struct Holder<'a> {
    counter: &'a mut Counter,
}

#[memoize]
impl Counter {
    fn new() -> Self {
        Self { count: 1, step: 5 }
    }

    #[memoize]
    fn count(&self) -> i64 {
        self.count
    }

    #[memoize]
    fn next(&self) -> i64 {
        self.count + self.step
    }

    /// Counts on, and asks before and after.
    fn add(&mut self, by: i64) {
        let before = self.count();
        self.count += by;
        assert_eq!(self.count(), before + by);
    }

    fn is_fresh(&self) -> bool {
        self.count() == self.count && self.next() == self.count + self.step
    }

    fn folded(self) -> Self {
        (1..4).fold(self, |mut counter, by| {
            counter.count();
            counter.count += by;
            counter
        })
    }

    fn in_vec(self) -> Option<Self> {
        let mut all = vec![self];
        all[0].count();
        all[0].count += 1;
        all.pop()
    }

    fn in_arc(self) -> Option<Self> {
        let mut shared = Arc::new(self);
        shared.count();
        Arc::get_mut(&mut shared)?.count += 1;
        Arc::into_inner(shared)
    }

    fn in_mutex(self) -> Self {
        let shared = Mutex::new(self);
        shared.lock().unwrap_or_else(PoisonError::into_inner).next();
        shared.lock().unwrap_or_else(PoisonError::into_inner).step += 1;
        shared.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_thread(self) -> Self {
        let mut there = self;
        let thread = thread::spawn(move || {
            there.count += 1;
            there.count();
            there.count += 1;
            there
        });
        thread.join().expect("the thread does not panic")
    }

    fn by_shadowing(self) -> Self {
        let counter = self;
        let mut counter = counter;
        for _ in 0..3 {
            counter.next();
            counter = Self { count: counter.count + 1, ..counter };
            assert!(counter.is_fresh());
        }
        counter
    }

    fn in_holder(&mut self) {
        let holder = Holder { counter: self };
        holder.counter.count();
        holder.counter.count += 1;
    }

    fn in_cell(&mut self) {
        let cell = RefCell::new(self);
        cell.borrow().count();
        cell.borrow_mut().count += 1;
    }

    fn in_iterator(&mut self) {
        let sum: i64 = iter::once(self)
            .map(|counter| {
                counter.count();
                counter.count += 1;
                counter.count()
            })
            .sum();
        assert!(sum > 1);
    }

    fn in_function(&mut self) {
        fn go(counter: &mut Counter, depth: u32) {
            counter.count();
            counter.count += 1;
            if depth > 0 {
                go(counter, depth - 1);
            }
            counter.next();
            counter.step += 1;
        }
        go(self, 3);
    }

    fn in_guard(&mut self) {
        struct Guard<'a>(&'a mut Counter);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                self.0.count();
                self.0.count += 1;
            }
        }
        let guard = Guard(self);
        guard.0.count();
        guard.0.count += 1;
    }

    fn counting(&mut self) -> impl FnMut() -> i64 + '_ {
        let this = self;
        move || {
            this.count += 1;
            this.count()
        }
    }

    fn scanning(&mut self) -> impl Iterator<Item = i64> + '_ {
        (0..9).scan(self, |counter, _| {
            counter.count += 1;
            Some(counter.count())
        })
    }

    fn pushed<'a>(&'a mut self, to: &mut Vec<Box<dyn FnMut() -> i64 + 'a>>) {
        to.push(Box::new(move || {
            self.count += 1;
            self.count()
        }));
    }

    fn owned(self) -> impl FnMut() -> i64 {
        let mut cell = Some(self);
        move || {
            cell.as_mut().map_or(0, |counter| {
                counter.count += 1;
                counter.count()
            })
        }
    }
}

fn filled() -> Counter {
    let counter = Counter::new();
    assert!(counter.is_fresh());
    counter
}

fn counts(mut count: impl FnMut() -> i64) {
    let first = count();
    assert_eq!((count(), count()), (first + 1, first + 2));
}

#[test]
fn an_owned_instance_changes_where_it_was_moved_to() {
    assert!(filled().folded().is_fresh());
    assert!(filled().in_vec().is_some_and(|counter| counter.is_fresh()));
    assert!(filled().in_arc().is_some_and(|counter| counter.is_fresh()));
    assert!(filled().in_mutex().is_fresh());
    assert!(filled().in_thread().is_fresh());
    assert!(filled().by_shadowing().is_fresh());
}

#[test]
fn a_borrowed_instance_changes_under_another_name() {
    for change in [
        Counter::in_holder,
        Counter::in_cell,
        Counter::in_iterator,
        Counter::in_function,
        Counter::in_guard,
        |counter: &mut Counter| counter.add(3),
    ] {
        let mut counter = filled();
        change(&mut counter);
        assert!(counter.is_fresh());
        change(&mut counter);
        assert!(counter.is_fresh());
    }
}

#[test]
fn what_was_handed_out_goes_on_changing() {
    let mut counter = filled();
    counts(counter.counting());
    assert!(counter.is_fresh());
    {
        let mut scanning = counter.scanning();
        counts(|| scanning.next().unwrap_or(0));
    }
    assert!(counter.is_fresh());
    let mut pushed = Vec::new();
    counter.pushed(&mut pushed);
    counts(&mut pushed[0]);
    drop(pushed);
    assert!(counter.is_fresh());
    counts(counter.owned());
}
