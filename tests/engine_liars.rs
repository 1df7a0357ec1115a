//! Engines that forget or refuse to, keys and values that panic: no wrong value, no hang, nothing poisoned.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use hooked::{Hooks, Keeps, QUIET, hooked};
use memo_runtime::{clock::advance, memoize};
use watchdog::watched;

mod liars {
    use super::*;

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), single_flight, stats)]
    fn forgotten(n: u64) -> u64 {
        if n < 2 { n } else { forgotten(n - 1) + forgotten(n - 2) }
    }

    #[memoize(engine = hooked(Hooks { keeps: Keeps::UntilAsked, ..QUIET }), stats)]
    fn given_once(n: u64) -> u64 {
        if n < 2 { n } else { given_once(n - 1) + given_once(n - 2) }
    }

    #[test]
    fn forgetting_is_a_miss_and_no_more() {
        watched("forgetting_is_a_miss_and_no_more", || {
            assert_eq!(forgotten(12), 144);
            assert_eq!(forgotten_cache().info().hits, Some(0));
            assert_eq!(forgotten_cache().peek((12,)), None);
            assert!(!forgotten_cache().remove((12,)));
            assert_eq!(given_once(12), 144);
            assert_eq!(given_once(12), 144);
        });
    }

    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = hooked(Hooks { keeps: Keeps::TheFirst, ..QUIET }), ttl = "10s", single_flight)]
    fn stubborn(_key: &str) -> usize {
        BODIES.fetch_add(1, SeqCst)
    }

    #[test]
    fn what_an_engine_refuses_to_forget_is_not_served_older_than_its_ttl() {
        let first = stubborn("a");
        assert_eq!(stubborn("a"), first);
        advance(Duration::from_secs(10));
        for later in 1..4 {
            assert_eq!(stubborn("a"), first + later);
            assert_eq!(stubborn_cache().peek(("a",)), None);
        }
    }

    static SHARED: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = hooked(Hooks { keeps: Keeps::Nothing, ..QUIET }), single_flight)]
    fn shared(_round: u64, _who: Alike) -> usize {
        let body = SHARED.fetch_add(1, SeqCst);
        thread::yield_now();
        body
    }

    /// All are the same key, and say nothing to the hash.
    #[derive(Clone)]
    struct Alike;
    impl PartialEq for Alike {
        fn eq(&self, _other: &Self) -> bool {
            true
        }
    }
    impl Eq for Alike {}
    impl std::hash::Hash for Alike {
        fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
    }

    #[test]
    fn a_flight_ends_without_an_entry() {
        watched("a_flight_ends_without_an_entry", || {
            for round in 0..200 {
                let barrier = Barrier::new(4);
                thread::scope(|scope| {
                    for _ in 0..4 {
                        scope.spawn(|| {
                            barrier.wait();
                            shared(round, Alike)
                        });
                    }
                });
            }
        });
    }

    /// Not even equal to itself.
    #[derive(Clone)]
    struct Never(u64);
    impl std::hash::Hash for Never {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    impl PartialEq for Never {
        fn eq(&self, _other: &Self) -> bool {
            false
        }
    }
    impl Eq for Never {}

    #[memoize(engine = moka::sync::Cache::new(10), single_flight)]
    fn unequal(n: Never) -> u64 {
        n.0 + 1
    }
    #[memoize(engine = quick_cache::sync::Cache::new(10))]
    fn unequal_too(n: &Never) -> u64 {
        n.0 + 1
    }

    #[test]
    fn keys_that_equal_nothing_are_misses() {
        watched("keys_that_equal_nothing_are_misses", || {
            for n in (0..50).chain(0..50) {
                assert_eq!(unequal(Never(n)), n + 1);
                assert_eq!(unequal_too(&Never(n)), n + 1);
                assert!(!unequal_cache().contains((Never(n),)));
                assert!(!unequal_too_cache().remove((&Never(n),)));
            }
        });
    }
}

mod keys_and_values_that_panic {
    use super::*;

    thread_local! {
        static PANICS: Cell<&'static str> = const { Cell::new("") };
    }
    fn panics_in(what: &'static str) {
        if PANICS.get() == what {
            PANICS.set("");
            panic!("{what}");
        }
    }

    #[derive(Debug)]
    struct Odd(u64);
    impl Clone for Odd {
        fn clone(&self) -> Self {
            panics_in("clone");
            Self(self.0)
        }
    }
    impl PartialEq for Odd {
        fn eq(&self, other: &Self) -> bool {
            panics_in("eq");
            self.0 == other.0
        }
    }
    impl Eq for Odd {}
    impl std::hash::Hash for Odd {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            panics_in("hash");
            state.write_u8(0);
        }
    }

    #[memoize(engine = hooked(Hooks { insert: || panics_in("insert"), inserted: || panics_in("inserted"), ..QUIET }), single_flight)]
    fn one(key: Odd) -> Odd {
        panics_in("body");
        key
    }
    #[memoize(engine = quick_cache::sync::Cache::new(100), stats)]
    fn other(key: &Odd) -> Odd {
        panics_in("body");
        Odd(key.0)
    }

    #[test]
    fn a_panic_anywhere_leaves_the_next_call_right() {
        watched("a_panic_anywhere_leaves_the_next_call_right", || {
            for what in ["hash", "eq", "clone", "body", "insert", "inserted"] {
                for key in 0..3 {
                    PANICS.set(what);
                    let _ = catch_unwind(AssertUnwindSafe(|| one(Odd(key))));
                    PANICS.set(what);
                    let _ = catch_unwind(AssertUnwindSafe(|| other(&Odd(key))));
                    PANICS.set("");
                    for key in 0..3 {
                        assert_eq!((one(Odd(key)).0, other(&Odd(key)).0), (key, key));
                        assert_eq!(one_cache().peek((Odd(key),)).map(|it| it.0), Some(key));
                        thread::scope(|scope| {
                            scope.spawn(move || one(Odd(key)).0).join().expect("it works")
                        });
                    }
                    one_cache().remove((Odd(key),));
                    other_cache().clear();
                }
            }
        });
    }

    #[test]
    fn what_is_declined_is_computed_again() {
        static BODIES: AtomicUsize = AtomicUsize::new(0);

        #[memoize(engine = hooked(QUIET), cache_if = |result| matches!(result, Ok(n) if n % 2 == 0), single_flight, stats)]
        fn even(n: u64) -> Result<u64, String> {
            BODIES.fetch_add(1, SeqCst);
            if n > 9 { Err(n.to_string()) } else { Ok(n) }
        }
        for n in [2, 3, 10, 2, 3, 10] {
            assert_eq!(even(n), if n > 9 { Err(n.to_string()) } else { Ok(n) });
        }
        assert_eq!(BODIES.load(SeqCst), 5);
        assert_eq!(
            even_cache().info().to_string(),
            "hits=1 misses=5 evictions=- len=1 capacity=unbounded"
        );
    }
}

/// Functions in three engines that need each other.
#[test]
fn a_circle_of_keys_is_told_and_recursion_is_not() {
    #[memoize(engine = moka::sync::Cache::new(100), single_flight)]
    fn first(n: u64) -> u64 {
        if n == 0 { 1 } else { second(n) + 1 }
    }
    #[memoize(engine = quick_cache::sync::Cache::new(100))]
    fn second(n: u64) -> u64 {
        third(n) + 1
    }
    #[memoize(engine = hooked(QUIET), single_flight)]
    fn third(n: u64) -> u64 {
        if n == 77 { first(77) } else { first(n - 1) + 1 }
    }
    watched("a_circle_of_keys_is_told_and_recursion_is_not", || {
        assert_eq!(first(50), 151);
        let told = catch_unwind(|| first(77)).expect_err("it needs itself");
        let told = told.downcast_ref::<String>().expect("it is a text");
        assert!(told.starts_with("first needs its own result: first → third → first"), "{told}");
        let both: [fn() -> u64; 2] = [|| first(77), || third(77)];
        thread::scope(|scope| {
            let ended = both.map(|call| scope.spawn(move || catch_unwind(call).is_err()));
            assert!(ended.into_iter().all(|thread| thread.join().expect("it ends")));
        });
        assert_eq!(first(51), 154);
    });
}
