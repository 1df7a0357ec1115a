//! What fails. Each test is one program; those that hang end the process.

#[path = "support/hooked.rs"]
mod hooked;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    any::Any,
    cell::Cell,
    hash::Hash,
    sync::{
        Barrier, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use hooked::{Hooks, QUIET, hooked};
use memo_runtime::{Engine, clock::advance, memoize};
use watchdog::watched;

/// One object for two functions with the same types: the second gets the result of the first.
mod one_object_for_two {
    use super::*;

    fn common<K, V>() -> moka::sync::Cache<K, V>
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        static ONE: OnceLock<Box<dyn Any + Send + Sync>> = OnceLock::new();
        let one = ONE.get_or_init(|| Box::new(moka::sync::Cache::<K, V>::new(100)));
        one.downcast_ref::<moka::sync::Cache<K, V>>().expect("both have it").clone()
    }

    #[memoize(engine = common())]
    fn successor(n: u64) -> u64 {
        n + 1
    }
    #[memoize(engine = common())]
    fn double(n: u64) -> u64 {
        n * 2
    }

    #[test]
    fn functions_keep_apart() {
        assert_eq!(successor(5), 6);
        assert_eq!(double(5), 10);
    }
}

/// The expression of an engine calls what it is for: a hang, without a word.
mod an_expression_that_asks_for_itself {
    use super::*;

    static FIRST: AtomicUsize = AtomicUsize::new(0);

    fn warmed<K: Hash + Eq, V: Clone>() -> quick_cache::sync::Cache<K, V> {
        if FIRST.fetch_add(1, SeqCst) == 0 {
            square_cache().insert((1,), 1);
        }
        quick_cache::sync::Cache::new(10)
    }

    #[memoize(engine = warmed())]
    fn square(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn is_told_so() {
        watched("is_told_so", || {
            let _ = std::panic::catch_unwind(|| square(2));
            assert_eq!(square(2), 4);
        });
    }
}

/// An engine that cannot tell how many entries it has: the accessor says that it has none.
mod an_engine_that_cannot_tell {
    use super::*;
    use std::borrow::Borrow;

    struct Silent<K, V>(hooked::Hooked<K, V>);
    impl<K: Hash + Eq + Send + 'static, V: Clone + Send + Sync + 'static> Engine<K, V>
        for Silent<K, V>
    {
        fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
        where
            K: Borrow<Q>,
        {
            self.0.get(key)
        }
        fn insert(&self, key: K, value: V) {
            self.0.insert(key, value);
        }
        fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
        where
            K: Borrow<Q>,
        {
            self.0.remove(key)
        }
        fn clear(&self) {
            self.0.clear();
        }
    }

    #[memoize(engine = Silent(hooked(QUIET)))]
    fn square(n: u64) -> u64 {
        n * n
    }
    #[memoize(engine = moka::sync::Cache::new(10))]
    fn in_moka(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn is_not_empty() {
        square(2);
        assert!(square_cache().contains((2,)));
        assert!(!square_cache().is_empty());
    }

    #[test]
    fn nor_is_moka() {
        in_moka(2);
        assert!(in_moka_cache().contains((2,)));
        assert!(!in_moka_cache().is_empty());
    }
}

/// A stream of fresh keys with a `ttl`, in an engine without a bound: what is over stays for ever.
#[test]
fn the_memory_of_what_is_over_is_given_back() {
    #[memoize(engine = hooked(QUIET), ttl = "1s")]
    fn session(n: u64) -> u64 {
        n
    }
    for n in 0..10_000 {
        if n % 100 == 0 {
            advance(Duration::from_secs(1));
        }
        session(n);
    }
    assert!(session_cache().len() < 1_000, "{} entries", session_cache().len());
}

/// While one thread stores into `old`, another clears it from within an engine of its own: the clearing does not wait, and what the
/// first had computed before is seen after it.
mod a_clearing_from_within_an_engine {
    use super::*;

    static STEP: Barrier = Barrier::new(2);
    static STATE: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        static IS_OLD: Cell<bool> = const { Cell::new(false) };
    }

    fn step_if_old() {
        if IS_OLD.get() {
            STEP.wait();
            STEP.wait();
        }
    }

    #[memoize(engine = hooked(Hooks { insert: step_if_old, inserted: step_if_old, ..QUIET }))]
    fn old(_n: u64) -> usize {
        STATE.load(SeqCst)
    }

    fn clear_and_look() {
        STEP.wait(); // the old result is computed
        STATE.store(1, SeqCst);
        old_cache().clear();
        STEP.wait();
        STEP.wait(); // the old result is stored
        let seen = old(1);
        STEP.wait();
        assert_eq!(seen, 1, "a result from before the clearing");
    }

    #[memoize(engine = hooked(Hooks { insert: clear_and_look, ..QUIET }))]
    fn outer(n: u64) -> u64 {
        n
    }

    #[test]
    fn counts_at_once() {
        watched("counts_at_once", || {
            thread::scope(|scope| {
                scope.spawn(|| {
                    IS_OLD.set(true);
                    assert_eq!(old(1), 0);
                });
                outer(1);
            });
        });
    }
}

/// The same with an insertion: it is lost without a word, and what it was to replace stays.
mod an_insertion_from_within_an_engine {
    use super::*;

    static STEP: Barrier = Barrier::new(2);

    thread_local! {
        static IS_OTHER: Cell<bool> = const { Cell::new(false) };
    }

    fn step_if_other() {
        if IS_OTHER.get() {
            STEP.wait();
            STEP.wait();
        }
    }

    /// All have one hash, as two of some 32 keys have one lock.
    #[derive(Clone, PartialEq, Eq)]
    struct Key(u64);
    impl Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
    }

    #[memoize(engine = hooked(Hooks { insert: step_if_other, ..QUIET }))]
    fn rate(key: Key) -> u64 {
        key.0
    }

    fn publish() {
        STEP.wait(); // the other is storing another key
        rate_cache().insert((Key(1),), 100);
        STEP.wait();
    }

    #[memoize(engine = hooked(Hooks { insert: publish, ..QUIET }))]
    fn outer(n: u64) -> u64 {
        n
    }

    #[test]
    fn replaces_what_is_there() {
        watched("replaces_what_is_there", || {
            assert_eq!(rate(Key(1)), 1);
            thread::scope(|scope| {
                scope.spawn(|| {
                    IS_OTHER.set(true);
                    assert_eq!(rate(Key(2)), 2);
                });
                outer(1);
            });
            assert_eq!(rate(Key(1)), 100);
        });
    }
}

/// A value from before a `clear()` is seen after it, with `moka`. `invalidate_all` leaves the entries in place and compares times when
/// they are read; an insertion over one of them gives the old entry the new time before it puts the new value in its place, as the
/// two share it (`new_value_entry_from`), and who reads just then gets the old value. The same program with `quick_cache` or with an
/// engine of one's own holds (`engine_races.rs`).
#[test]
fn a_clearing_of_moka_is_exact() {
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static STOP: AtomicBool = AtomicBool::new(false);

    #[memoize(engine = moka::sync::Cache::new(1000))]
    fn now(_key: u64) -> usize {
        NOW.load(SeqCst)
    }

    let mut stale = 0;
    thread::scope(|scope| {
        for worker in 0..2 {
            scope.spawn(move || {
                for key in (worker..).take_while(|_| !STOP.load(SeqCst)) {
                    now(key % 8);
                }
            });
        }
        for _ in 0..20_000 {
            let present = NOW.fetch_add(1, SeqCst) + 1;
            now_cache().clear();
            stale += (0..8).filter(|key| now(*key) < present).count();
        }
        STOP.store(true, SeqCst);
    });
    assert_eq!(stale, 0);
}

/// A name of the user's that compiles and means another thing: within `ttl`, `CACHE` is the cache of the expansion. The same holds for
/// `engine`, `store` and `version`; `fresh_failing_compile.rs` has those that do not compile.
mod a_name_that_is_taken {
    use super::*;

    /// Set if results are to be kept.
    static CACHE: OnceLock<Duration> = OnceLock::new();

    #[memoize(unbounded, ttl = if CACHE.get().is_some() { Duration::from_secs(60) } else { Duration::ZERO })]
    fn answer(n: u64) -> u64 {
        n
    }

    #[test]
    fn is_the_users() {
        assert!(CACHE.get().is_none());
        answer(1);
        assert!(!answer_cache().contains((1,)), "kept with a `ttl` of zero");
    }
}
