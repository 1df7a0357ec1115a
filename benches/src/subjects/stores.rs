//! Other crates' stores, used as one would by hand. All of them hash with foldhash.

use elsa::FrozenMap;
use foldhash::fast::RandomState;
use quick_cache::{UnitWeighter, sync::DefaultLifecycle};

use super::body::Large;

pub struct Quick(quick_cache::sync::Cache<u64, u64, UnitWeighter, RandomState>);

impl Quick {
    pub fn new(capacity: usize) -> Self {
        Self(quick_cache::sync::Cache::with(
            capacity,
            capacity as u64,
            UnitWeighter,
            RandomState::default(),
            DefaultLifecycle::default(),
        ))
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        if let Some(value) = self.0.get(&key) {
            return value;
        }
        let value = body();
        self.0.insert(key, value);
        value
    }
}

pub struct Moka(moka::sync::Cache<u64, u64, RandomState>);

impl Moka {
    pub fn new(capacity: usize) -> Self {
        let builder = moka::sync::Cache::builder().max_capacity(capacity as u64);
        Self(builder.build_with_hasher(RandomState::default()))
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        if let Some(value) = self.0.get(&key) {
            return value;
        }
        let value = body();
        self.0.insert(key, value);
        value
    }
}

pub struct Papaya(papaya::HashMap<u64, u64, RandomState>);

impl Papaya {
    pub fn new() -> Self {
        Self(papaya::HashMap::with_hasher(RandomState::default()))
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> u64) -> u64 {
        let map = self.0.pin();
        if let Some(value) = map.get(&key) {
            return *value;
        }
        let value = body();
        map.insert(key, value);
        value
    }
}

/// Hands out references; for one thread.
pub struct Elsa(FrozenMap<u64, Box<Large>, RandomState>);

impl Elsa {
    pub fn new() -> Self {
        Self(FrozenMap::default())
    }
    #[inline]
    pub fn get(&self, key: u64, body: impl FnOnce() -> Large) -> &Large {
        match self.0.get(&key) {
            Some(value) => value,
            None => self.0.insert(key, Box::new(body())),
        }
    }
}
