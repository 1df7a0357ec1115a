//! The simplest engine, of which nothing is asked but that it is there. No code of the user runs under its lock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use crate::{
    engine::{EngineKey, Erased, Query},
    key::KeyPart,
    store::drop_each,
};

type Entry<K, V> = Arc<(EngineKey<K>, V)>;

pub(super) struct Beside<K: KeyPart, V>(Mutex<HashTable<Entry<K, V>>>);

impl<K: KeyPart, V> Default for Beside<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: KeyPart, V> Beside<K, V> {
    fn entries(&self) -> MutexGuard<'_, HashTable<Entry<K, V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, key: &dyn Query<K>) -> Option<Entry<K, V>> {
        let hash = key.hash();
        let entries: Vec<_> = self.entries().iter_hash(hash).cloned().collect();
        entries.into_iter().find(|entry| key.matches(entry.0.key()))
    }

    fn drop_all(&self) {
        let mut all = std::mem::take(&mut *self.entries()).into_iter();
        drop_each(|| all.next());
    }

    fn take(&self, entry: &Entry<K, V>) -> Option<Entry<K, V>> {
        let mut entries = self.entries();
        let found = entries.find_entry(entry.0.hash(), |other| Arc::ptr_eq(other, entry));
        found.ok().map(|found| found.remove().0)
    }
}

impl<K: KeyPart, V: Clone> Erased<K, V> for Beside<K, V>
where
    K::Stored: Send + Sync,
    V: Send + Sync,
{
    fn get(&self, key: &dyn Query<K>) -> Option<V> {
        self.find(key).map(|entry| entry.1.clone())
    }
    fn insert(&self, key: EngineKey<K>, value: V) {
        let old = self.find(&key).and_then(|entry| self.take(&entry));
        let new = Arc::new((key, value));
        self.entries().insert_unique(new.0.hash(), new, |entry| entry.0.hash());
        drop(old);
    }
    fn remove(&self, key: &dyn Query<K>) -> bool {
        self.find(key).and_then(|entry| self.take(&entry)).is_some()
    }
    fn clear(&self) {
        self.drop_all();
    }
    fn len(&self) -> Option<usize> {
        Some(self.entries().len())
    }
}

impl<K: KeyPart, V> Drop for Beside<K, V> {
    fn drop(&mut self) {
        self.drop_all();
    }
}
