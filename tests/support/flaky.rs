//! A store that fails when it is told to, and shows what is in it.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use memo_runtime::{AsyncByteStore, BoxError, ByteStore, MemoryStore};

#[derive(Default)]
pub struct Flaky {
    inner: MemoryStore,
    pub fails_reading: AtomicBool,
    pub fails_writing: AtomicBool,
    pub reads: AtomicUsize,
    pub writes: AtomicUsize,
    pub last: Mutex<(Vec<u8>, Vec<u8>, Option<Duration>)>,
}

#[allow(dead_code, reason = "each test uses a part")]
impl Flaky {
    /// Puts bytes under the key that was written last.
    pub fn replace(&self, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        let (key, value, _) = self.last.lock().unwrap().clone();
        ByteStore::set(&self.inner, &key, &change(value), None).expect("memory does not fail");
    }

    pub fn last_key(&self) -> String {
        String::from_utf8(self.last.lock().unwrap().0.clone()).expect("keys are text")
    }

    pub fn last_ttl(&self) -> Option<Duration> {
        self.last.lock().unwrap().2
    }

    pub fn fail(&self, reading: bool, writing: bool) {
        self.fails_reading.store(reading, SeqCst);
        self.fails_writing.store(writing, SeqCst);
    }

    /// How often it was read and written.
    pub fn used(&self) -> (usize, usize) {
        (self.reads.load(SeqCst), self.writes.load(SeqCst))
    }

    fn read(&self) -> Result<(), BoxError> {
        self.reads.fetch_add(1, SeqCst);
        if self.fails_reading.load(SeqCst) { Err("cannot be read".into()) } else { Ok(()) }
    }

    fn write(&self) -> Result<(), BoxError> {
        self.writes.fetch_add(1, SeqCst);
        if self.fails_writing.load(SeqCst) { Err("cannot be written".into()) } else { Ok(()) }
    }
}

impl ByteStore for Flaky {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.read()?;
        ByteStore::get(&self.inner, key)
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.write()?;
        *self.last.lock().unwrap() = (key.to_vec(), value.to_vec(), ttl);
        ByteStore::set(&self.inner, key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        self.write()?;
        ByteStore::remove(&self.inner, key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.write()?;
        ByteStore::clear(&self.inner, prefix)
    }
}

impl AsyncByteStore for Flaky {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        tokio::task::yield_now().await;
        ByteStore::get(self, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        ByteStore::set(self, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        tokio::task::yield_now().await;
        ByteStore::remove(self, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        ByteStore::clear(self, prefix)
    }
}
