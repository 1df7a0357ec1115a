//! Closures of the options, and `Drop` of values, that forget, insert and panic: what they do counts.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{cell::Cell, panic::catch_unwind, thread, time::Duration};

use hooked::{QUIET, hooked};
use memo_runtime::memoize;
use watchdog::watched;

thread_local! {
    static IN_CACHE_IF: Cell<fn()> = const { Cell::new(|| ()) };
    static IN_TTL: Cell<fn()> = const { Cell::new(|| ()) };
}

#[memoize(
    engine = hooked(QUIET),
    cache_if = |_| { IN_CACHE_IF.replace(|| ())(); true },
    ttl = |seconds: &u64| { IN_TTL.replace(|| ())(); Duration::from_secs(*seconds) },
    single_flight
)]
fn closed(n: u64) -> u64 {
    n
}

#[test]
fn what_they_forget_is_not_kept() {
    let forgetting: [fn(); 2] = [|| closed_cache().clear(), || _ = closed_cache().remove((1_000,))];
    for forget in forgetting {
        IN_CACHE_IF.set(forget);
        assert_eq!(closed(1_000), 1_000);
        assert!(!closed_cache().contains((1_000,)));
        IN_TTL.set(forget);
        assert_eq!(closed(1_000), 1_000);
        assert!(!closed_cache().contains((1_000,)));
    }
    IN_TTL.set(|| closed_cache().insert((1_000,), 2_000));
    closed(1_000);
    assert_eq!(closed_cache().peek((1_000,)), Some(2_000));
}

#[memoize(unbounded, ttl = |seconds: &u64| Duration::from_secs(*seconds))]
fn unbounded(n: u64) -> u64 {
    n
}
#[memoize(engine = moka::sync::Cache::new(9), ttl = |seconds: &u64| Duration::from_secs(*seconds))]
fn in_moka(n: u64) -> u64 {
    n
}

#[test]
fn what_is_inserted_and_good_for_no_time_replaces() {
    closed(2_000);
    closed_cache().insert((2_000,), 0);
    assert_eq!(closed_cache().peek((2_000,)), None);
    in_moka(2_000);
    in_moka_cache().insert((2_000,), 0);
    assert_eq!(in_moka_cache().peek((2_000,)), None);
    unbounded(2_000);
    unbounded_cache().insert((2_000,), 0);
    assert_eq!(unbounded_cache().peek((2_000,)), None);
}

/// A value whose `Drop` panics when it is replaced, removed and cleared.
#[test]
fn a_drop_that_panics_leaves_the_next_call_right() {
    struct Falls(u64);
    thread_local! {
        static FALLS: Cell<bool> = const { Cell::new(false) };
    }
    impl Clone for Falls {
        fn clone(&self) -> Self {
            Self(self.0)
        }
    }
    impl Drop for Falls {
        fn drop(&mut self) {
            assert!(!FALLS.replace(false), "on purpose");
        }
    }
    #[memoize(engine = hooked(QUIET), single_flight)]
    fn falls(n: u64) -> Falls {
        Falls(n)
    }
    watched("a_drop_that_panics_leaves_the_next_call_right", || {
        let steps: [fn(); 3] = [
            || falls_cache().insert((1,), Falls(1)),
            || _ = falls_cache().remove((1,)),
            || falls_cache().clear(),
        ];
        for step in steps {
            assert_eq!(falls(1).0, 1);
            FALLS.set(true);
            assert!(catch_unwind(step).is_err());
            assert_eq!((falls(1).0, falls(2).0), (1, 2));
            thread::scope(|scope| {
                scope.spawn(|| assert_eq!(falls(1).0, 1)).join().expect("it works");
            });
        }
    });
}
