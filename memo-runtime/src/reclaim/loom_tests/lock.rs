//! The lock that is biased to a thread, as its owner and others take it.

use loom::{cell::UnsafeCell, sync::Arc, thread};

use super::{super::Lock, check};

/// A number that loom watches.
type Number = Arc<Lock<UnsafeCell<u32>>>;

fn add(number: &Number) {
    let guard = number.lock();
    // SAFETY: what the model is about.
    guard.with_mut(|number| unsafe { *number += 1 });
}

fn value(number: &Number) -> u32 {
    // SAFETY: what the model is about.
    number.lock().with(|number| unsafe { *number })
}

#[test]
fn loom_the_owner_and_another_thread_exclude_each_other() {
    check(|| {
        let number = Number::new(Lock::new(UnsafeCell::new(0)));
        // In models a thread owns the lock after the first time.
        add(&number);
        let other = {
            let number = Arc::clone(&number);
            thread::spawn(move || add(&number))
        };
        add(&number);
        add(&number);
        other.join().unwrap();
        assert_eq!(value(&number), 4);
    });
}

#[test]
fn loom_two_threads_may_end_the_ownership() {
    check(|| {
        let number = Number::new(Lock::new(UnsafeCell::new(0)));
        add(&number);
        let others = [(); 2].map(|()| {
            let number = Arc::clone(&number);
            thread::spawn(move || add(&number))
        });
        add(&number);
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(value(&number), 4);
    });
}

#[test]
fn loom_two_threads_may_want_to_own_the_lock() {
    check(|| {
        let number = Number::new(Lock::new(UnsafeCell::new(0)));
        let other = {
            let number = Arc::clone(&number);
            thread::spawn(move || {
                add(&number);
                add(&number);
            })
        };
        add(&number);
        add(&number);
        other.join().unwrap();
        assert_eq!(value(&number), 4);
    });
}

#[test]
fn loom_a_thread_that_has_the_lock_is_refused_at_once() {
    check(|| {
        let number = Number::new(Lock::new(UnsafeCell::new(0)));
        for _ in 0..2 {
            let held = number.hold(|| true);
            assert!(held.is_some() && number.hold(|| false).is_none());
        }
        let other = {
            let number = Arc::clone(&number);
            thread::spawn(move || drop(number.hold(|| true)))
        };
        let held = number.hold(|| true);
        assert!(held.is_some() && number.hold(|| false).is_none());
        drop(held);
        other.join().unwrap();
    });
}
