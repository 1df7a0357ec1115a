//! A key's `Hash`, `Eq`, `Clone` or `Drop`, or a value's `Clone` or `Drop`, may call the very cache that it is in; and
//! equal hashes never mix what is not equal.

use memo_runtime::memoize;
use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

thread_local! {
    /// What the operations of keys and values do, if anything.
    static MEDDLE: Cell<Option<fn(u32)>> = const { Cell::new(None) };
    /// How deep they are in each other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static MEDDLED: Cell<u32> = const { Cell::new(0) };
    /// How often they may still do it before the operation that the test began ends.
    static LEFT: Cell<u32> = const { Cell::new(0) };
}

/// An `Eq` that stores another entry with an equal hash each time it is asked would always have one more to compare.
const AT_ONCE: u32 = 100;

fn meddle(n: u32) {
    let Some(meddle) = MEDDLE.get() else { return };
    if DEPTH.get() >= 2 || LEFT.get() == 0 {
        return;
    }
    LEFT.set(LEFT.get() - 1);
    DEPTH.set(DEPTH.get() + 1);
    MEDDLED.set(MEDDLED.get() + 1);
    meddle(n);
    DEPTH.set(DEPTH.get() - 1);
}

/// A key: some of the hashes are equal.
#[derive(Debug)]
struct Key(u32);
impl Clone for Key {
    fn clone(&self) -> Self {
        meddle(self.0);
        Self(self.0)
    }
}
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        meddle(self.0);
        self.0 == other.0
    }
}
impl Eq for Key {}
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        meddle(self.0);
        (self.0 % 3).hash(state);
    }
}
impl Drop for Key {
    fn drop(&mut self) {
        meddle(self.0);
    }
}

#[derive(Debug)]
struct Value(u32);
impl Clone for Value {
    fn clone(&self) -> Self {
        meddle(self.0 / 2);
        Self(self.0)
    }
}
impl Drop for Value {
    fn drop(&mut self) {
        meddle(self.0 / 2);
    }
}

fn body(key: &Key) -> Value {
    Value(key.0 * 2)
}

#[memoize]
#[derive(Default)]
struct Shared {}
#[memoize]
impl Shared {
    #[memoize]
    fn map(&self, key: &Key) -> Value {
        body(key)
    }
    #[memoize(capacity = 4)]
    fn lru(&self, key: Key) -> Value {
        body(&key)
    }
    #[memoize(returns = "ref")]
    fn kept(&self, key: &Key) -> Value {
        body(key)
    }
    #[memoize]
    fn once(&self) -> Value {
        Value(14)
    }
    #[memoize(returns = "ref")]
    fn once_kept(&self) -> Value {
        Value(14)
    }
    #[memoize(scope = "type", unbounded)]
    fn type_map(keys: &[Key]) -> Value {
        body(&keys[0])
    }
    #[memoize(scope = "type", capacity = 6, policy = "sieve", stats)]
    fn type_sieved(key: Option<&Key>) -> Value {
        key.map_or(Value(0), body)
    }
    #[memoize(scope = "type", capacity = 4, unsync)]
    fn type_local_lru(key: &Key) -> Value {
        body(key)
    }
    #[memoize(scope = "type", unbounded, unsync)]
    fn type_local_map(key: Vec<Key>) -> Value {
        body(&key[0])
    }
    #[memoize(scope = "type", unsync)]
    fn type_local_once() -> Value {
        Value(14)
    }
}

/// Lives as long as the process, for values may call it when they are dropped.
fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(Shared::default)
}

/// Runs `test` in a thread of its own; a deadlock fails instead of hanging.
fn watched(name: &'static str, test: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let thread = thread::spawn(move || {
        test();
        let _ = done.send(());
    });
    // A thread that hangs cannot be joined.
    let ended = wait.recv_timeout(Duration::from_secs(120));
    assert_ne!(ended, Err(mpsc::RecvTimeoutError::Timeout), "{name}: deadlock");
    assert!(thread.join().is_ok(), "{name}: a panic");
}

/// Exercises one cache while each operation of its keys and values does the same.
macro_rules! meddled {
    ($test:ident: |$n:ident| $call:expr, $cache:expr, $key:expr, capacity $capacity:expr) => {
        #[test]
        fn $test() {
            fn exercise($n: u32) {
                let cache = $cache;
                assert_eq!($call.0, $n * 2);
                if let Some(value) = cache.peek($key) {
                    assert_eq!(value.0, $n * 2);
                }
                cache.contains($key);
                let other = ($n + 3) % 12;
                assert_eq!(
                    {
                        let $n = other;
                        $call.0
                    },
                    other * 2
                );
                cache.insert($key, Value($n * 2));
                assert!(cache.len() <= $capacity, "{}", cache.len());
                if $n % 5 == 0 {
                    cache.remove($key);
                }
                if $n % 11 == 10 {
                    cache.clear();
                }
            }
            watched(stringify!($test), || {
                MEDDLE.set(Some(exercise));
                for round in 0..3 {
                    for n in 0..12 {
                        LEFT.set(AT_ONCE);
                        exercise(n);
                        LEFT.set(AT_ONCE);
                        let $n = n;
                        assert_eq!($call.0, n * 2, "{round}");
                    }
                }
                assert!(MEDDLED.get() > 100);
                MEDDLE.set(None);
                for n in 0..12 {
                    let $n = n;
                    assert_eq!($call.0, n * 2);
                    assert!($cache.contains($key), "what is computed is kept again");
                }
                $cache.clear();
                assert!($cache.is_empty());
            });
        }
    };
}

meddled!(map: |n| shared().map(&Key(n)), shared().map_cache(), (&Key(n),), capacity 12);
meddled!(lru: |n| shared().lru(Key(n)), shared().lru_cache(), (Key(n),), capacity 4);
meddled!(type_map: |n| Shared::type_map(&[Key(n)]), Shared::type_map_cache(), (&[Key(n)],), capacity 12);
meddled!(type_sieved:
    |n| Shared::type_sieved(Some(&Key(n))), Shared::type_sieved_cache(), (Some(&Key(n)),), capacity 6);
meddled!(type_local_lru:
    |n| Shared::type_local_lru(&Key(n)), Shared::type_local_lru_cache(), (&Key(n),), capacity 4);
meddled!(type_local_map:
    |n| Shared::type_local_map(vec![Key(n)]), Shared::type_local_map_cache(), (vec![Key(n)],), capacity 12);

/// The same for a cell, which has no key.
macro_rules! meddled_cell {
    ($test:ident: $call:expr, $cache:expr) => {
        #[test]
        fn $test() {
            fn exercise(n: u32) {
                assert_eq!($call.0, 14);
                $cache.peek(());
                $cache.insert((), Value(14));
                assert_eq!($call.0, 14);
                if n % 2 == 0 {
                    $cache.remove(());
                } else {
                    $cache.clear();
                }
                assert_eq!($call.0, 14);
            }
            watched(stringify!($test), || {
                MEDDLE.set(Some(exercise));
                for n in 0..10 {
                    LEFT.set(AT_ONCE);
                    exercise(n);
                }
                assert!(MEDDLED.get() > 20);
                MEDDLE.set(None);
                assert_eq!($call.0, 14);
                assert_eq!($cache.len(), 1);
                $cache.clear();
                assert!($cache.is_empty());
            });
        }
    };
}

meddled_cell!(once: shared().once(), shared().once_cache());
meddled_cell!(type_local_once: Shared::type_local_once(), Shared::type_local_once_cache());

#[test]
fn kept_values_may_be_asked_for_by_their_keys() {
    fn exercise(n: u32) {
        assert_eq!(shared().kept(&Key(n)).0, n * 2);
        assert_eq!(shared().kept(&Key((n + 3) % 12)).0, (n + 3) % 12 * 2);
        assert_eq!(shared().kept_cache().peek((&Key(n),)).map(|value| value.0), Some(n * 2));
        assert!(!shared().kept_cache().insert((&Key(n),), Value(n * 2)));
        assert!(shared().kept_cache().len() <= 12);
        assert_eq!(shared().once_kept().0, 14);
    }
    watched("kept", || {
        MEDDLE.set(Some(exercise));
        for n in 0..12 {
            LEFT.set(AT_ONCE);
            exercise(n);
        }
        assert!(MEDDLED.get() > 20);
        MEDDLE.set(None);
        assert_eq!(shared().kept_cache().len(), 12);
    });
}

/// Each question of `Eq` leaves one more entry to compare.
#[test]
fn a_key_that_never_stops_meddling_is_given_up() {
    use std::hash::{Hash, Hasher};
    thread_local! {
        static BUSY: Cell<bool> = const { Cell::new(false) };
    }
    #[derive(Clone)]
    struct Endless(u32);
    impl Hash for Endless {
        fn hash<H: Hasher>(&self, state: &mut H) {
            0.hash(state);
        }
    }
    impl Eq for Endless {}
    impl PartialEq for Endless {
        fn eq(&self, other: &Self) -> bool {
            if !BUSY.replace(true) {
                endless_cache().remove((Endless(7),));
                endless_cache().insert((Endless(7),), 14);
                BUSY.set(false);
            }
            self.0 == other.0
        }
    }
    #[memoize(unbounded)]
    fn endless(key: Endless) -> u32 {
        key.0 * 2
    }
    watched("endless", || {
        endless_cache().insert((Endless(7),), 14);
        assert_eq!(endless(Endless(1)), 2);
        assert!(!endless_cache().remove((Endless(2),)));
        endless_cache().insert((Endless(3),), 6);
        assert_eq!(endless(Endless(3)), 6);
    });
}

#[test]
fn entries_may_meddle_from_several_threads() {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    #[memoize(capacity = 6, policy = "sieve")]
    fn sieved(key: &Key) -> Value {
        body(key)
    }
    fn exercise(n: u32) {
        let shared = SHARED.get_or_init(Shared::default);
        assert_eq!(shared.map(&Key(n)).0, n * 2);
        assert_eq!(shared.lru(Key(n)).0, n * 2);
        assert_eq!(sieved(&Key(n)).0, n * 2);
        assert!(shared.map_cache().len() <= 8 && shared.lru_cache().len() <= 4);
        if n % 4 == 0 {
            shared.lru_cache().clear();
            shared.map_cache().remove((&Key(n),));
        }
    }
    watched("threads", || {
        thread::scope(|scope| {
            for thread in 0..4 {
                scope.spawn(move || {
                    MEDDLE.set(Some(|n| exercise(n % 8)));
                    for n in 0..50 {
                        LEFT.set(AT_ONCE);
                        exercise((n + thread) % 8);
                    }
                    MEDDLE.set(None);
                });
            }
        });
    });
}

/// All hashes are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Same(u32);
impl Hash for Same {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0u32.hash(state);
    }
}

#[test]
fn equal_hashes_never_mix() {
    #[memoize]
    #[derive(Default)]
    struct Collisions {}
    #[memoize]
    impl Collisions {
        #[memoize]
        fn map(&self, key: &Same) -> u32 {
            key.0
        }
        #[memoize(capacity = 1000)]
        fn lru(&self, key: Same) -> u32 {
            key.0
        }
        #[memoize(capacity = 10)]
        fn small(&self, key: Option<Same>) -> u32 {
            key.map_or(0, |key| key.0)
        }
        #[memoize(returns = "ref")]
        fn kept(&self, key: &Same) -> u32 {
            key.0
        }
        #[memoize(scope = "type", unbounded)]
        fn type_map(key: [Same; 1]) -> u32 {
            key[0].0
        }
        #[memoize(scope = "type", capacity = 1000, policy = "sieve")]
        fn sieved(key: (Same, u8)) -> u32 {
            key.0.0
        }
        #[memoize(scope = "type", capacity = 1000, unsync)]
        fn local_lru(key: &[Same]) -> u32 {
            key[0].0
        }
    }
    #[memoize]
    #[derive(Default)]
    struct Local {}
    #[memoize]
    impl Local {
        #[memoize(unsync)]
        fn map(&self, key: &Same) -> u32 {
            key.0
        }
        #[memoize(unsync, returns = "ref")]
        fn kept(&self, key: &Same) -> u32 {
            key.0
        }
    }
    let (shared, local) = (Collisions::default(), Local::default());
    for _ in 0..2 {
        for n in 0..1000 {
            assert_eq!(shared.map(&Same(n)), n);
            assert_eq!(shared.lru(Same(n)), n);
            assert_eq!(shared.small(Some(Same(n))), n);
            assert_eq!(*shared.kept(&Same(n)), n);
            assert_eq!(Collisions::type_map([Same(n)]), n);
            assert_eq!(Collisions::sieved((Same(n), 0)), n);
            assert_eq!(Collisions::local_lru(&[Same(n)]), n);
            assert_eq!(local.map(&Same(n)), n);
            assert_eq!(*local.kept(&Same(n)), n);
        }
    }
    assert_eq!((shared.map_cache().len(), shared.lru_cache().len()), (1000, 1000));
    assert_eq!((shared.kept_cache().len(), local.kept_cache().len()), (1000, 1000));
    assert_eq!((local.map_cache().len(), shared.small_cache().len()), (1000, 10));
    assert_eq!(
        (Collisions::type_map_cache().len(), Collisions::local_lru_cache().len()),
        (1000, 1000)
    );
    assert_eq!(Collisions::sieved_cache().len(), 1000);
    assert!(shared.map_cache().remove((&Same(500),)));
    assert!((0..1000).all(|n| shared.map_cache().contains((&Same(n),)) == (n != 500)));
}
