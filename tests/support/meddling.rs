//! A store in memory that does something else, too, when it is read or written.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use memo_runtime::{AsyncByteStore, BoxError, ByteStore, MemoryStore};

/// Before a writing, which may fail by it.
type Written = fn() -> Result<(), BoxError>;

#[derive(Default)]
pub struct Meddling {
    inner: MemoryStore,
    reads: AtomicUsize,
    on_read: Mutex<Option<fn(usize)>>,
    on_write: Mutex<Option<Written>>,
}

#[allow(dead_code, reason = "each test uses a part")]
impl Meddling {
    /// Calls this after each reading, with its number.
    pub fn after_read(self, meddle: fn(usize)) -> Self {
        Self { on_read: Mutex::new(Some(meddle)), ..self }
    }
    pub fn before_write(self, meddle: Written) -> Self {
        Self { on_write: Mutex::new(Some(meddle)), ..self }
    }
}

impl ByteStore for Meddling {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let found = ByteStore::get(&self.inner, key);
        let meddle = *self.on_read.lock().expect("no panic under the lock");
        let number = self.reads.fetch_add(1, SeqCst);
        if let Some(meddle) = meddle {
            meddle(number);
        }
        found
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        let meddle = *self.on_write.lock().expect("no panic under the lock");
        meddle.map_or(Ok(()), |meddle| meddle())?;
        ByteStore::set(&self.inner, key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}

impl AsyncByteStore for Meddling {
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
