//! A panic in the body or in a key's or value's `Hash`, `Eq`, `Clone` or `Drop` stores nothing and poisons nothing.

#![allow(clippy::type_complexity, reason = "each closure is used once")]

use memo_runtime::{clear_instance, memoize};
use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

/// Where user code may panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Body,
    KeyHash,
    KeyEq,
    KeyClone,
    KeyDrop,
    ValueClone,
    ValueDrop,
}

thread_local! {
    /// The point that panics, and after how many passes.
    static ARMED: Cell<Option<(Point, u32)>> = const { Cell::new(None) };
    static KEYS: Cell<i64> = const { Cell::new(0) };
    static VALUES: Cell<i64> = const { Cell::new(0) };
}

fn pass(point: Point) {
    match ARMED.get() {
        Some((armed, 0)) if armed == point => {
            ARMED.set(None);
            // Without the message of the panic hook.
            resume_unwind(Box::new(point));
        }
        Some((armed, left)) if armed == point => ARMED.set(Some((armed, left - 1))),
        _ => {}
    }
}

/// Runs `operation` with `point` armed to panic at its `nth` pass; whether it did.
fn panics(point: Point, nth: u32, operation: impl FnOnce()) -> bool {
    ARMED.set(Some((point, nth)));
    let result = catch_unwind(AssertUnwindSafe(operation));
    let fired = ARMED.take().is_none();
    assert_eq!(result.is_err(), fired, "a panic reaches the caller");
    fired
}

#[derive(Debug)]
struct Key(u32);

impl Key {
    fn new(n: u32) -> Self {
        KEYS.set(KEYS.get() + 1);
        Self(n)
    }
}
impl Clone for Key {
    fn clone(&self) -> Self {
        pass(Point::KeyClone);
        Self::new(self.0)
    }
}
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        pass(Point::KeyEq);
        self.0 == other.0
    }
}
impl Eq for Key {}
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        pass(Point::KeyHash);
        // Some keys collide.
        (self.0 % 4).hash(state);
    }
}
impl Drop for Key {
    fn drop(&mut self) {
        KEYS.set(KEYS.get() - 1);
        pass(Point::KeyDrop);
    }
}

#[derive(Debug, PartialEq)]
struct Value(u32);

impl Value {
    fn new(n: u32) -> Self {
        VALUES.set(VALUES.get() + 1);
        Self(n)
    }
}
impl Clone for Value {
    fn clone(&self) -> Self {
        pass(Point::ValueClone);
        Self::new(self.0)
    }
}
impl Drop for Value {
    fn drop(&mut self) {
        VALUES.set(VALUES.get() - 1);
        pass(Point::ValueDrop);
    }
}

fn body(n: u32) -> Value {
    let value = Value::new(n * 2);
    pass(Point::Body);
    value
}

/// One memoized function, whatever its store.
struct Subject<'a> {
    name: &'a str,
    call: &'a dyn Fn(u32) -> u32,
    contains: &'a dyn Fn(u32) -> bool,
    insert: &'a dyn Fn(u32),
    /// `None` where nothing is forgotten through a shared reference.
    forget: Option<(&'a dyn Fn(u32), &'a dyn Fn())>,
    len: &'a dyn Fn() -> usize,
}

macro_rules! subject {
    ($name:literal, |$n:ident| $call:expr, $cache:expr, $key:expr) => {
        Subject {
            name: $name,
            call: &|$n: u32| $call.0,
            contains: &|$n: u32| $cache.contains($key),
            insert: &|$n: u32| $cache.insert($key, Value::new($n * 2)),
            forget: Some((&|$n: u32| _ = $cache.remove($key), &|| $cache.clear())),
            len: &|| $cache.len(),
        }
    };
}
macro_rules! kept {
    ($name:literal, |$n:ident| $call:expr, $cache:expr, $key:expr) => {
        Subject {
            name: $name,
            call: &|$n: u32| $call.0,
            contains: &|$n: u32| $cache.contains($key),
            insert: &|$n: u32| _ = $cache.insert($key, Value::new($n * 2)),
            forget: None,
            len: &|| $cache.len(),
        }
    };
}

#[memoize]
#[derive(Default)]
struct Shared {
    version: u32,
}
#[memoize]
impl Shared {
    #[memoize(stats)]
    fn map(&self, key: &Key) -> Value {
        body(key.0)
    }
    #[memoize(capacity = 5)]
    fn lru(&self, key: Key) -> Value {
        body(key.0)
    }
    #[memoize(returns = "ref")]
    fn kept(&self, key: &Key) -> Value {
        body(key.0)
    }
    #[memoize(skip(n))]
    fn once(&self, n: u32) -> Value {
        body(n)
    }
    #[memoize(skip(n), returns = "ref")]
    fn once_kept(&self, n: u32) -> Value {
        body(n)
    }
    /// No result depends on a field; another name for the instance is all of it.
    fn update(&mut self) {
        let this = self;
        this.version += 1;
    }
}
#[memoize]
#[derive(Default)]
struct Local {}
#[memoize]
impl Local {
    #[memoize(unsync)]
    fn map(&self, key: &Key) -> Value {
        body(key.0)
    }
    #[memoize(unsync, capacity = 5, stats)]
    fn lru(&self, key: Vec<Key>) -> Value {
        body(key[0].0)
    }
    #[memoize(unsync, returns = "ref")]
    fn kept(&self, key: &Key) -> Value {
        body(key.0)
    }
    #[memoize(unsync, skip(n))]
    fn once(&self, n: u32) -> Value {
        body(n)
    }
}

/// Runs `check` on every store, and sees to it that nothing is left of its keys and values. Tests run side by side, so
/// each has type-scoped caches of its own.
macro_rules! on_every_store {
    ($check:expr) => {{
        struct Typed;
        #[memoize]
        impl Typed {
            #[memoize(scope = "type", unbounded)]
            fn map(keys: [Key; 2]) -> Value {
                body(keys[0].0)
            }
            #[memoize(scope = "type", capacity = 6, policy = "sieve")]
            fn sieved(key: Option<&Key>, (_, _n): (u8, f64)) -> Value {
                body(key.map_or(0, |key| key.0))
            }
            #[memoize(scope = "type", capacity = 5, unsync)]
            fn local(key: &[Key]) -> Value {
                body(key[0].0)
            }
        }
        let check: fn(&Subject<'_>) = $check;
        let before = (KEYS.get(), VALUES.get());
        let (shared, local) = (Shared::default(), Local::default());
        let key = Key::new;
        check(&subject!("map", |n| shared.map(&key(n)), shared.map_cache(), (&key(n),)));
        check(&subject!("lru", |n| shared.lru(key(n)), shared.lru_cache(), (key(n),)));
        check(&kept!("kept", |n| shared.kept(&key(n)), shared.kept_cache(), (&key(n),)));
        check(&subject!("once", |_n| shared.once(1), shared.once_cache(), {
            _ = _n;
        }));
        check(&kept!("once kept", |_n| shared.once_kept(1), shared.once_kept_cache(), {
            _ = _n;
        }));
        check(&subject!("unsync map", |n| local.map(&key(n)), local.map_cache(), (&key(n),)));
        check(&subject!(
            "unsync lru",
            |n| local.lru(vec![key(n)]),
            local.lru_cache(),
            (vec![key(n)],)
        ));
        check(&kept!("unsync kept", |n| local.kept(&key(n)), local.kept_cache(), (&key(n),)));
        check(&subject!("unsync once", |_n| local.once(1), local.once_cache(), {
            _ = _n;
        }));
        check(&subject!(
            "type map",
            |n| Typed::map([key(n), key(n)]),
            Typed::map_cache(),
            ([key(n), key(n)],)
        ));
        check(&subject!(
            "type sieved",
            |n| Typed::sieved(Some(&key(n)), (0, 0.0)),
            Typed::sieved_cache(),
            (Some(&key(n)), (0, 0.0))
        ));
        check(&subject!(
            "type unsync lru",
            |n| Typed::local(&[key(n)]),
            Typed::local_cache(),
            (&[key(n)],)
        ));
        Typed::map_cache().clear();
        Typed::sieved_cache().clear();
        Typed::local_cache().clear();
        drop((shared, local));
        assert_eq!((KEYS.get(), VALUES.get()), before, "nothing leaks");
    }};
}

const EVERY_POINT: [Point; 7] = [
    Point::Body,
    Point::KeyHash,
    Point::KeyEq,
    Point::KeyClone,
    Point::KeyDrop,
    Point::ValueClone,
    Point::ValueDrop,
];

#[test]
fn a_panic_stores_nothing_and_the_next_call_computes() {
    on_every_store!(|subject| {
        let Subject { name, call, contains, len, .. } = subject;
        for point in [Point::Body, Point::KeyHash, Point::KeyClone, Point::ValueClone] {
            let fired = panics(point, 0, || _ = call(1));
            let is_passed = match point {
                Point::Body => true,
                Point::KeyHash | Point::KeyClone => !name.contains("once"),
                _ => !name.contains("kept"),
            };
            assert_eq!(fired, is_passed, "{name}: {point:?} is passed on a miss");
            if fired {
                assert!(!contains(1), "{name}: a panic in {point:?} stores nothing");
                assert_eq!(len(), 0, "{name}: a panic in {point:?} stores nothing");
            } else if let Some((_, clear)) = subject.forget {
                clear();
            } else {
                return;
            }
        }
        assert_eq!((call(1), len()), (2, 1), "{name}");
    });
}

#[test]
fn an_entry_survives_a_panic_on_a_hit() {
    on_every_store!(|subject| {
        let Subject { name, call, contains, len, .. } = subject;
        call(1);
        for point in [Point::KeyHash, Point::KeyEq, Point::ValueClone] {
            let fired = panics(point, 0, || _ = call(1));
            assert!(fired || name.contains("once") || name.contains("kept"), "{name}: {point:?}");
            assert!(contains(1), "{name}: {point:?}");
            assert_eq!((call(1), len()), (2, 1), "{name}: {point:?}");
        }
        assert!(!panics(Point::Body, 0, || _ = call(1)), "{name}: a hit runs no body");
    });
}

#[test]
fn no_panic_anywhere_poisons_or_leaks() {
    on_every_store!(|subject| {
        let Subject { name, call, contains, insert, len, .. } = subject;
        let nothing: (&dyn Fn(u32), &dyn Fn()) = (&|_| (), &|| ());
        let (remove, clear) = subject.forget.unwrap_or(nothing);
        let operations: [(&str, &dyn Fn()); 9] = [
            ("a miss", &|| _ = call(100)),
            ("a miss with an equal hash", &|| _ = call(104)),
            ("a hit", &|| _ = call(1)),
            ("misses that evict", &|| (200..210).for_each(|n| _ = call(n))),
            ("a look", &|| _ = contains(1)),
            ("a new value", &|| insert(300)),
            ("another value", &|| insert(1)),
            ("a removal", &|| remove(1)),
            ("a clearing", clear),
        ];
        for point in EVERY_POINT {
            for nth in 0..6 {
                for (operation, run) in operations {
                    clear();
                    let empty = VALUES.get();
                    (1..=5).for_each(|n| _ = call(n));
                    panics(point, nth, run);
                    if point == Point::KeyDrop && subject.forget.is_some() {
                        // A result on its way to the caller is lost when an argument's destructor
                        // panics, in any function: https://github.com/rust-lang/rust/issues/47949
                        clear();
                        let lost = VALUES.get() - empty;
                        assert!((0..=1).contains(&lost), "{name}: {nth} in {operation}");
                        VALUES.set(empty);
                    }
                    for n in [1, 2, 3, 4, 5, 100, 104, 200, 209, 300] {
                        let expected = if name.contains("once") { call(n) } else { n * 2 };
                        let why = format!("{name}: {point:?} {nth} in {operation}");
                        assert_eq!(call(n), expected, "{why}");
                        assert!(contains(n), "{why}");
                    }
                    assert!(len() <= 6 || !(name.contains("lru") || name.contains("sieved")));
                }
            }
        }
    });
}

#[test]
fn a_panic_in_a_drop_does_not_keep_the_others() {
    for point in [Point::KeyDrop, Point::ValueDrop] {
        let before = (KEYS.get(), VALUES.get());
        let mut shared = Shared::default();
        let fill = |shared: &Shared| {
            for n in 0..5 {
                shared.map(&Key::new(n));
                shared.lru(Key::new(n));
                shared.kept(&Key::new(n));
            }
            shared.once(1);
        };
        fill(&shared);
        assert!(panics(point, 2, || shared.map_cache().clear()));
        assert!(panics(point, 2, || shared.lru_cache().clear()));
        assert!(shared.map_cache().is_empty() && shared.lru_cache().is_empty());
        fill(&shared);
        assert!(panics(point, 4, || shared.update()));
        fill(&shared);
        assert_eq!(
            shared.map_cache().len() + shared.lru_cache().len() + shared.kept_cache().len(),
            15
        );
        assert!(panics(point, 4, || drop(shared)));
        assert_eq!((KEYS.get(), VALUES.get()), before, "{point:?}");
    }
}

#[test]
fn a_panic_in_cache_if_stores_nothing() {
    #[memoize(unbounded, cache_if = |n| if *n == 0 { resume_unwind(Box::new(())) } else { true })]
    fn filtered(n: u32) -> u32 {
        n
    }
    assert!(catch_unwind(|| filtered(0)).is_err());
    assert!(catch_unwind(|| filtered(0)).is_err());
    assert_eq!((filtered(1), filtered_cache().len()), (1, 1));
}

#[test]
fn a_panic_in_a_future_stores_nothing() {
    #[memoize]
    #[derive(Default)]
    struct Later {}
    #[memoize]
    impl Later {
        #[memoize(capacity = 3)]
        async fn later(&self, key: &Key) -> Value {
            std::future::ready(()).await;
            body(key.0)
        }
    }
    let later = Later::default();
    let call = |n| {
        let key = Key::new(n);
        let mut future = std::pin::pin!(later.later(&key));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_ready());
    };
    for point in [Point::Body, Point::KeyHash, Point::KeyClone, Point::ValueClone] {
        assert!(panics(point, 0, || call(1)), "{point:?}");
        assert!(later.later_cache().is_empty(), "{point:?}");
    }
    call(1);
    assert!(!panics(Point::Body, 0, || call(1)));
}

#[test]
fn a_panic_in_recursion_keeps_what_was_complete() {
    #[memoize(unbounded)]
    fn count(n: u32) -> u32 {
        if n == 13 {
            count(5);
            resume_unwind(Box::new("unlucky"));
        }
        if n == 0 { 0 } else { count(n - 1) + 1 }
    }
    assert!(catch_unwind(|| count(20)).is_err());
    assert_eq!(count_cache().len(), 6);
    assert!((0..=5).all(|n| count_cache().contains((n,))));
    assert_eq!(count(12), 12);
}

thread_local! {
    static BREAKS: Cell<bool> = const { Cell::new(false) };
}

/// A value whose `Drop` panics, if it is told to.
#[derive(Clone)]
struct Fragile(u64);
impl Drop for Fragile {
    fn drop(&mut self) {
        // Only once: a second panic while the first unwinds ends the process.
        assert!(!BREAKS.replace(false), "dropped");
    }
}

#[memoize]
struct Pair {
    n: u64,
}

#[memoize]
impl Pair {
    #[memoize]
    fn fragile(&self) -> Fragile {
        Fragile(self.n)
    }
    #[memoize]
    fn fragile_of(&self, m: u64) -> Fragile {
        Fragile(self.n + m)
    }
    #[memoize]
    fn plain(&self) -> u64 {
        self.n
    }
    #[memoize]
    fn constant(&self) -> u64 {
        7
    }
    fn set(&mut self, n: u64) {
        self.n = n;
    }
}

#[test]
fn a_panic_in_a_drop_leaves_no_cache_stale() {
    let mut pair = Pair { n: 1, memo: Default::default() };
    let change: [fn(&mut Pair); 2] = [|pair| pair.set(2), clear_instance];
    for change in change {
        let _ = (pair.fragile(), pair.fragile_of(1), pair.plain(), pair.constant());
        BREAKS.set(true);
        assert!(catch_unwind(AssertUnwindSafe(|| change(&mut pair))).is_err());
        pair.n += 1; // Nothing is left that could depend on it.
        assert_eq!(pair.fragile().0, pair.n);
        assert_eq!(pair.fragile_of(1).0, pair.n + 1);
        assert_eq!((pair.plain(), pair.constant()), (pair.n, 7));
    }
}
