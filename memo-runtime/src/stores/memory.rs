//! A store in memory.

use std::{
    collections::BTreeMap,
    fmt,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{AsyncByteStore, BoxError, ByteStore, wall};

/// A [`ByteStore`] and [`AsyncByteStore`] in the memory of this process: for tests of what is memoized with `store = …`, and to begin with.
/// It never fails, and has no bound.
#[derive(Default)]
pub struct MemoryStore(Mutex<BTreeMap<Vec<u8>, Value>>);

struct Value {
    bytes: Vec<u8>,
    /// In milliseconds since 1970.
    end: Option<u64>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn values(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("len", &self.values().len()).finish()
    }
}

impl ByteStore for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let now = wall::now();
        let mut values = self.values();
        let Some(value) = values.get(key) else { return Ok(None) };
        if value.end.is_some_and(|end| end <= now) {
            values.remove(key);
            return Ok(None);
        }
        Ok(Some(value.bytes.clone()))
    }

    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        let end = ttl.map(|ttl| wall::after(wall::now(), ttl));
        self.values().insert(key.to_vec(), Value { bytes: value.to_vec(), end });
        Ok(())
    }

    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        let now = wall::now();
        let removed = self.values().remove(key);
        Ok(removed.is_some_and(|value| value.end.is_none_or(|end| end > now)))
    }

    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        let mut values = self.values();
        let range = (Bound::Included(prefix.to_vec()), Bound::Unbounded);
        let keys: Vec<_> = values
            .range(range)
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .cloned()
            .collect();
        for key in keys {
            values.remove(&key);
        }
        Ok(())
    }
}

impl AsyncByteStore for MemoryStore {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        ByteStore::get(self, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        ByteStore::set(self, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(self, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(self, prefix)
    }
}
