//! What an expert would write by hand for one struct: a field, looked up first.

use std::{
    borrow::Borrow,
    cell::RefCell,
    collections::HashMap,
    hash::{Hash, Hasher},
    num::NonZeroUsize,
    sync::{Mutex, OnceLock, PoisonError},
};

use foldhash::fast::RandomState;
use hashbrown::Equivalent;
use lru::LruCache;

use super::body;

/// For a method without arguments.
pub struct Once(pub OnceLock<u64>);

impl Once {
    #[inline]
    pub fn get(&self) -> u64 {
        *self.0.get_or_init(body::none)
    }
}

/// For one thread.
pub struct Local<K, V>(RefCell<HashMap<K, V, RandomState>>);

impl<K: Hash + Eq, V: Clone> Local<K, V> {
    pub fn new() -> Self {
        Self(RefCell::default())
    }
    #[inline]
    pub fn get<Q: Hash + Eq + ToOwned<Owned = K> + ?Sized>(
        &self,
        key: &Q,
        body: impl FnOnce() -> V,
    ) -> V
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.0.borrow().get(key) {
            return value.clone();
        }
        let value = body();
        self.0.borrow_mut().insert(key.to_owned(), value.clone());
        value
    }
}

/// For threads.
pub struct Locked<K, V>(Mutex<HashMap<K, V, RandomState>>);

impl<K: Hash + Eq, V: Clone> Locked<K, V> {
    pub fn new() -> Self {
        Self(Mutex::default())
    }
    #[inline]
    pub fn get<Q: Hash + Eq + ToOwned<Owned = K> + ?Sized>(
        &self,
        key: &Q,
        body: impl FnOnce() -> V,
    ) -> V
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return value.clone();
        }
        let value = body();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value.clone());
        value
    }
}

/// For keys that are looked up borrowed in a way that the standard library's map does not know.
pub struct Borrowing<K, V>(RefCell<hashbrown::HashMap<K, V, RandomState>>);

impl<K: Hash + Eq, V: Clone> Borrowing<K, V> {
    pub fn new() -> Self {
        Self(RefCell::default())
    }
    #[inline]
    pub fn get<Q: Hash + Equivalent<K>>(
        &self,
        key: &Q,
        owned: impl FnOnce() -> K,
        body: impl FnOnce() -> V,
    ) -> V {
        if let Some(value) = self.0.borrow().get(key) {
            return value.clone();
        }
        let value = body();
        self.0.borrow_mut().insert(owned(), value.clone());
        value
    }
}

/// A borrowed `(String, u32)`.
#[derive(Hash)]
pub struct TextAndNumber<'a>(pub &'a str, pub u32);

impl Equivalent<(String, u32)> for TextAndNumber<'_> {
    #[inline]
    fn equivalent(&self, key: &(String, u32)) -> bool {
        self.0 == key.0 && self.1 == key.1
    }
}

/// Numbers that are equal if their bits are.
pub struct Terms<T>(pub T);

impl<T: AsRef<[f64]>> Hash for Terms<T> {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let terms = self.0.as_ref();
        hasher.write_usize(terms.len());
        for term in terms {
            hasher.write_u64(term.to_bits());
        }
    }
}

impl<T: AsRef<[f64]>, U: AsRef<[f64]>> PartialEq<Terms<U>> for Terms<T> {
    #[inline]
    fn eq(&self, other: &Terms<U>) -> bool {
        let (left, right) = (self.0.as_ref(), other.0.as_ref());
        left.len() == right.len()
            && left.iter().zip(right).all(|(left, right)| left.to_bits() == right.to_bits())
    }
}
impl<T: AsRef<[f64]>> Eq for Terms<T> {}

impl Equivalent<Terms<Vec<f64>>> for Terms<&[f64]> {
    #[inline]
    fn equivalent(&self, key: &Terms<Vec<f64>>) -> bool {
        self == key
    }
}

/// For one thread, bounded.
pub struct LocalLru(RefCell<LruCache<u64, u64, RandomState>>);

impl LocalLru {
    pub fn new(capacity: usize) -> Self {
        Self(RefCell::new(lru(capacity)))
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        if let Some(value) = self.0.borrow_mut().get(&key) {
            return *value;
        }
        let value = body();
        self.0.borrow_mut().put(key, value);
        value
    }
}

/// For threads, bounded.
pub struct LockedLru(Mutex<LruCache<u64, u64, RandomState>>);

impl LockedLru {
    pub fn new(capacity: usize) -> Self {
        Self(Mutex::new(lru(capacity)))
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        if let Some(value) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return *value;
        }
        let value = body();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, value);
        value
    }
}

/// The list alone: nobody else can have it, so there is nothing to lock or to check. The least that a store made of it costs.
pub struct BareLru(LruCache<u64, u64, RandomState>);

impl BareLru {
    pub fn new(capacity: usize) -> Self {
        Self(lru(capacity))
    }
    #[inline]
    pub fn get(&mut self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        if let Some(value) = self.0.get(&key) {
            return *value;
        }
        let value = body();
        self.0.put(key, value);
        value
    }
}

fn lru(capacity: usize) -> LruCache<u64, u64, RandomState> {
    let capacity = NonZeroUsize::new(capacity).expect("a capacity is not zero");
    LruCache::with_hasher(capacity, RandomState::default())
}

/// A setter without caches.
pub struct Plain {
    value: u64,
}

impl Plain {
    pub fn new() -> Self {
        Self { value: 0 }
    }
    pub fn set(&mut self, value: u64) {
        self.value = value;
    }
    pub fn set_by_method(&mut self, value: u64) {
        self.value = value;
        self.observe();
    }
    #[inline]
    fn observe(&self) {
        std::hint::black_box(self.value);
    }
    pub fn value(&self) -> u64 {
        self.value
    }
}
