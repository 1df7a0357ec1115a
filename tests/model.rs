//! Every store does what a naive model does, whatever the order of operations.

use memo_runtime::{CacheInfo, clear_instance, memoize};
use proptest::prelude::*;
use std::cell::Cell;

thread_local! {
    static RUNS: Cell<u64> = const { Cell::new(0) };
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

/// A value that counts how many of it are alive.
#[derive(Debug, PartialEq, Eq)]
struct Value(u32);
impl Value {
    fn new(n: u32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(n)
    }
}
impl Clone for Value {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}
impl Drop for Value {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

fn body(key: u32, offset: u32) -> Value {
    RUNS.set(RUNS.get() + 1);
    Value::new(key * 100 + offset)
}

#[derive(Debug, Clone, Copy)]
enum Operation {
    Call(u32),
    Peek(u32),
    Contains(u32),
    Insert(u32, u32),
    Remove(u32),
    Clear,
    /// Goes on with a clone; the original is dropped.
    Clone,
    /// Goes on with the original, after its clone was used and dropped.
    CloneAndDrop(u32),
    /// Goes on with another instance.
    Drop,
    /// Changes the instance.
    Mutate(u32),
    /// Changes nothing, and says so.
    Keep,
    ClearInstance,
}

fn operation() -> impl Strategy<Value = Operation> {
    // More keys than the smallest capacity holds, few enough to meet again.
    let key = 0..8u32;
    prop_oneof![
        12 => key.clone().prop_map(Operation::Call),
        2 => key.clone().prop_map(Operation::Peek),
        2 => key.clone().prop_map(Operation::Contains),
        3 => (key.clone(), 0..1000u32).prop_map(|(key, value)| Operation::Insert(key, value)),
        3 => key.clone().prop_map(Operation::Remove),
        1 => Just(Operation::Clear),
        1 => Just(Operation::Clone),
        1 => key.prop_map(Operation::CloneAndDrop),
        1 => Just(Operation::Drop),
        1 => (0..10u32).prop_map(Operation::Mutate),
        1 => Just(Operation::Keep),
        1 => Just(Operation::ClearInstance),
    ]
}

/// What a cache should do: entries, the most recently used last.
struct Model {
    entries: Vec<(u32, u32)>,
    capacity: Option<usize>,
    offset: u32,
    hits: u64,
    misses: u64,
    evictions: u64,
}

impl Model {
    const fn new(capacity: Option<usize>) -> Self {
        Self { entries: Vec::new(), capacity, offset: 0, hits: 0, misses: 0, evictions: 0 }
    }
    fn get(&self, key: u32) -> Option<u32> {
        self.entries.iter().find(|entry| entry.0 == key).map(|entry| entry.1)
    }
    fn remove(&mut self, key: u32) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.0 != key);
        self.entries.len() < before
    }
    fn insert(&mut self, key: u32, value: u32) {
        self.remove(key);
        self.entries.push((key, value));
        if self.capacity.is_some_and(|capacity| self.entries.len() > capacity) {
            self.entries.remove(0);
            self.evictions += 1;
        }
    }
    fn call(&mut self, key: u32) -> u32 {
        if let Some(value) = self.get(key) {
            self.hits += 1;
            self.remove(key);
            self.entries.push((key, value));
            value
        } else {
            self.misses += 1;
            let value = key * 100 + self.offset;
            self.insert(key, value);
            value
        }
    }
    fn clear(&mut self) {
        *self = Self { offset: self.offset, ..Self::new(self.capacity) };
    }
}

/// A memoized method, whatever its store.
trait Subject: Default + Clone {
    const CAPACITY: Option<usize>;
    /// Whether its cache is the type's, which instances do not matter to.
    const IS_TYPE_SCOPED: bool = false;
    /// Whether there is but one key.
    const IS_CELL: bool = false;
    /// Whether values stay where they are: nothing is replaced or removed.
    const IS_KEPT: bool = false;
    fn call(&self, key: u32) -> u32;
    fn peek(&self, key: u32) -> Option<u32>;
    fn contains(&self, key: u32) -> bool;
    fn insert(&self, key: u32, value: u32);
    fn remove(&self, key: u32) -> bool;
    fn clear(&self);
    fn info(&self) -> CacheInfo;
    fn set(&mut self, offset: u32);
    fn keep(&mut self);
    fn clear_instance(&mut self);
}

fn check<S: Subject>(operations: Vec<Operation>) -> Result<(), TestCaseError> {
    let alive = ALIVE.get();
    let mut subject = S::default();
    if S::IS_TYPE_SCOPED {
        subject.clear();
    }
    let empty = ALIVE.get();
    let mut model = Model::new(S::CAPACITY);
    let only = |key: u32| if S::IS_CELL { 0 } else { key };
    for operation in operations {
        match operation {
            Operation::Call(key) => {
                let (key, runs, misses) = (only(key), RUNS.get(), model.misses);
                prop_assert_eq!(subject.call(key), model.call(key));
                prop_assert_eq!(RUNS.get() - runs, model.misses - misses);
            }
            Operation::Peek(key) => prop_assert_eq!(subject.peek(only(key)), model.get(only(key))),
            Operation::Contains(key) => {
                prop_assert_eq!(subject.contains(only(key)), model.get(only(key)).is_some());
            }
            Operation::Insert(key, value) => {
                subject.insert(only(key), value);
                if !S::IS_KEPT || model.get(only(key)).is_none() {
                    model.insert(only(key), value);
                }
            }
            Operation::Remove(key) if !S::IS_KEPT => {
                prop_assert_eq!(subject.remove(only(key)), model.remove(only(key)));
            }
            Operation::Clear if !S::IS_KEPT => {
                subject.clear();
                model.clear();
            }
            Operation::Clone if !S::IS_TYPE_SCOPED => {
                subject = subject.clone();
                model.clear();
            }
            Operation::CloneAndDrop(key) if !S::IS_TYPE_SCOPED => {
                let clone = subject.clone();
                prop_assert_eq!(clone.info().len, Some(0));
                prop_assert_eq!(clone.call(only(key)), only(key) * 100 + model.offset);
            }
            Operation::Drop if !S::IS_TYPE_SCOPED => {
                drop(subject);
                prop_assert_eq!(ALIVE.get(), empty);
                subject = S::default();
                model = Model::new(S::CAPACITY);
            }
            Operation::Mutate(offset) if !S::IS_TYPE_SCOPED => {
                subject.set(offset);
                model.offset = offset;
                model.clear();
            }
            Operation::ClearInstance if !S::IS_TYPE_SCOPED => {
                subject.clear_instance();
                model.clear();
            }
            Operation::Keep => subject.keep(),
            _ => {}
        }
        let info = subject.info();
        prop_assert_eq!(info.len, Some(model.entries.len()));
        prop_assert_eq!(info.capacity, S::CAPACITY);
        let counts = (info.hits, info.misses, info.evictions);
        prop_assert_eq!(counts, (Some(model.hits), Some(model.misses), Some(model.evictions)));
        prop_assert_eq!(ALIVE.get() - empty, model.entries.len(), "what is forgotten is freed");
        for key in 0..8 {
            prop_assert_eq!(subject.peek(only(key)), model.get(only(key)));
        }
    }
    if S::IS_TYPE_SCOPED {
        subject.clear();
    }
    drop(subject);
    prop_assert_eq!(ALIVE.get(), alive);
    Ok(())
}

/// An instance-scoped subject.
macro_rules! in_instance {
    ($test:ident: $name:ident, $capacity:expr, [$($option:tt)*]) => {
        #[memoize]
        #[derive(Default, Clone)]
        struct $name {
            offset: u32,
        }
        #[memoize]
        impl $name {
            #[memoize(stats, $($option)*)]
            fn method(&self, key: u32) -> Value {
                body(key, self.offset)
            }
            fn set_offset(&mut self, offset: u32) {
                self.offset = offset;
            }
            #[memoize(changes())]
            fn change_nothing(&mut self) {
                self.offset += 0;
            }
        }
        impl Subject for $name {
            const CAPACITY: Option<usize> = $capacity;
            fn call(&self, key: u32) -> u32 {
                self.method(key).0
            }
            fn peek(&self, key: u32) -> Option<u32> {
                self.method_cache().peek((key,)).map(|value| value.0)
            }
            fn contains(&self, key: u32) -> bool {
                self.method_cache().contains((key,))
            }
            fn insert(&self, key: u32, value: u32) {
                self.method_cache().insert((key,), Value::new(value));
            }
            fn remove(&self, key: u32) -> bool {
                self.method_cache().remove((key,))
            }
            fn clear(&self) {
                self.method_cache().clear();
            }
            fn info(&self) -> CacheInfo {
                self.method_cache().info()
            }
            fn set(&mut self, offset: u32) {
                self.set_offset(offset);
            }
            fn keep(&mut self) {
                self.change_nothing();
            }
            fn clear_instance(&mut self) {
                clear_instance(self);
            }
        }
        property!($test: $name);
    };
}

/// Of `returns = "ref"`.
macro_rules! kept_in_instance {
    ($test:ident: $name:ident, [$($option:tt)*]) => {
        #[memoize]
        #[derive(Default, Clone)]
        struct $name {
            offset: u32,
        }
        #[memoize]
        impl $name {
            #[memoize(stats, returns = "ref", $($option)*)]
            fn method(&self, key: u32) -> Value {
                body(key, self.offset)
            }
            fn set_offset(&mut self, offset: u32) {
                self.offset = offset;
            }
            #[memoize(changes())]
            fn change_nothing(&mut self) {
                self.offset += 0;
            }
        }
        impl Subject for $name {
            const CAPACITY: Option<usize> = None;
            const IS_KEPT: bool = true;
            fn call(&self, key: u32) -> u32 {
                self.method(key).0
            }
            fn peek(&self, key: u32) -> Option<u32> {
                self.method_cache().peek((key,)).map(|value| value.0)
            }
            fn contains(&self, key: u32) -> bool {
                self.method_cache().contains((key,))
            }
            fn insert(&self, key: u32, value: u32) {
                let absent = !self.contains(key);
                assert_eq!(self.method_cache().insert((key,), Value::new(value)), absent);
            }
            fn remove(&self, _: u32) -> bool {
                unreachable!("values are kept")
            }
            fn clear(&self) {
                unreachable!("values are kept")
            }
            fn info(&self) -> CacheInfo {
                self.method_cache().info()
            }
            fn set(&mut self, offset: u32) {
                self.set_offset(offset);
            }
            fn keep(&mut self) {
                self.change_nothing();
            }
            fn clear_instance(&mut self) {
                clear_instance(self);
            }
        }
        property!($test: $name);
    };
}

/// A cell, which has no key.
macro_rules! cell_in_instance {
    ($test:ident: $name:ident, [$($option:tt)*]) => {
        #[memoize]
        #[derive(Default, Clone)]
        struct $name {
            offset: u32,
        }
        #[memoize]
        impl $name {
            #[memoize(stats, $($option)*)]
            fn method(&self) -> Value {
                body(0, self.offset)
            }
            fn set_offset(&mut self, offset: u32) {
                self.offset = offset;
            }
            #[memoize(changes())]
            fn change_nothing(&mut self) {
                self.offset += 0;
            }
        }
        impl Subject for $name {
            const CAPACITY: Option<usize> = None;
            const IS_CELL: bool = true;
            fn call(&self, _: u32) -> u32 {
                self.method().0
            }
            fn peek(&self, _: u32) -> Option<u32> {
                self.method_cache().peek(()).map(|value| value.0)
            }
            fn contains(&self, _: u32) -> bool {
                self.method_cache().contains(())
            }
            fn insert(&self, _: u32, value: u32) {
                self.method_cache().insert((), Value::new(value));
            }
            fn remove(&self, _: u32) -> bool {
                self.method_cache().remove(())
            }
            fn clear(&self) {
                self.method_cache().clear();
            }
            fn info(&self) -> CacheInfo {
                self.method_cache().info()
            }
            fn set(&mut self, offset: u32) {
                self.set_offset(offset);
            }
            fn keep(&mut self) {
                self.change_nothing();
            }
            fn clear_instance(&mut self) {
                clear_instance(self);
            }
        }
        property!($test: $name);
    };
}

macro_rules! in_type {
    ($test:ident: $name:ident, $capacity:expr, [$($option:tt)*]) => {
        #[derive(Default, Clone)]
        struct $name;
        #[memoize]
        impl $name {
            #[memoize(scope = "type", stats, $($option)*)]
            fn method(key: u32) -> Value {
                body(key, 0)
            }
        }
        impl Subject for $name {
            const CAPACITY: Option<usize> = $capacity;
            const IS_TYPE_SCOPED: bool = true;
            fn call(&self, key: u32) -> u32 {
                Self::method(key).0
            }
            fn peek(&self, key: u32) -> Option<u32> {
                Self::method_cache().peek((key,)).map(|value| value.0)
            }
            fn contains(&self, key: u32) -> bool {
                Self::method_cache().contains((key,))
            }
            fn insert(&self, key: u32, value: u32) {
                Self::method_cache().insert((key,), Value::new(value));
            }
            fn remove(&self, key: u32) -> bool {
                Self::method_cache().remove((key,))
            }
            fn clear(&self) {
                Self::method_cache().clear();
            }
            fn info(&self) -> CacheInfo {
                Self::method_cache().info()
            }
            fn set(&mut self, _: u32) {}
            fn keep(&mut self) {}
            fn clear_instance(&mut self) {}
        }
        property!($test: $name);
    };
}

macro_rules! property {
    ($test:ident: $name:ident) => {
        proptest! {
            #[test]
            fn $test(operations in prop::collection::vec(operation(), 0..80)) {
                check::<$name>(operations)?;
            }
        }
    };
}

in_instance!(map: Map, None, []);
in_instance!(lru: Lru, Some(3), [capacity = 3]);
in_instance!(lru_of_one: LruOfOne, Some(1), [capacity = 1]);
in_instance!(unsync_map: UnsyncMap, None, [unsync]);
in_instance!(unsync_lru: UnsyncLru, Some(3), [unsync, capacity = 3]);
kept_in_instance!(kept: Kept, []);
kept_in_instance!(unsync_kept: UnsyncKept, [unsync]);
cell_in_instance!(once: Once, []);
cell_in_instance!(unsync_once: UnsyncOnce, [unsync]);
in_type!(type_map: TypeMap, None, [unbounded]);
in_type!(type_lru: TypeLru, Some(5), [capacity = 5]);
in_type!(type_sieved: TypeSieved, Some(32), [capacity = 32, policy = "sieve"]);
in_type!(type_unsync_map: TypeUnsyncMap, None, [unbounded, unsync]);
in_type!(type_unsync_lru: TypeUnsyncLru, Some(2), [capacity = 2, unsync]);
