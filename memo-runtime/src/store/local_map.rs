//! Any number of results, for one thread.

use super::guarded::{
    Guarded, delegate, drop_each,
    mode::Local,
    table::{Table, Tables},
};
use crate::{
    info::{Metrics, NoStats},
    key::KeyPart,
};
use hashbrown::HashTable;
use std::{marker::PhantomData, mem};

/// An unbounded store for one thread.
pub struct LocalMap<K: KeyPart, V, M = NoStats> {
    guarded: Guarded<MapTables<K, V>, M, Local>,
}

impl<K: KeyPart, V, M> LocalMap<K, V, M> {
    /// A cold store.
    pub const fn new() -> Self {
        LocalMap { guarded: Guarded::new() }
    }
}

delegate! {
    LocalMap<K, V, M>;
    any [K: KeyPart, V, M: Metrics];
    key K; value V;
    limit usize::MAX; capacity None;
}

/// Names [`MapTable`].
struct MapTables<K, V>(PhantomData<(K, V)>);

impl<K: KeyPart, V> Tables for MapTables<K, V> {
    type Key = K;
    type Value = V;
    type Table<W> = MapTable<K::Stored, W>;
}

/// Entries in no order.
struct MapTable<K, W>(HashTable<Entry<K, W>>);

struct Entry<K, W> {
    hash: u64,
    key: K,
    value: W,
}

impl<K, W> Entry<K, W> {
    #[inline]
    fn has(&self, hash: u64, is: impl Fn(&K) -> bool) -> bool {
        self.hash == hash && is(&self.key)
    }
}

impl<K, W> Table<K, W> for MapTable<K, W> {
    fn new(_limit: usize) -> Self {
        MapTable(HashTable::new())
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn hit(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        self.peek(hash, is)
    }

    #[inline]
    fn peek(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        Some(&self.0.find(hash, |entry| entry.has(hash, &is))?.value)
    }

    fn add(&mut self, hash: u64, key: K, value: W) -> Option<(K, W)> {
        self.0.insert_unique(hash, Entry { hash, key, value }, |entry| entry.hash);
        None
    }

    fn take(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<(K, W)> {
        let (entry, _) = self.0.find_entry(hash, |entry| entry.has(hash, &is)).ok()?.remove();
        Some((entry.key, entry.value))
    }

    fn take_all(&mut self) -> Self {
        MapTable(mem::take(&mut self.0))
    }
}

impl<K, W> Drop for MapTable<K, W> {
    fn drop(&mut self) {
        let mut entries = mem::take(&mut self.0).into_iter();
        drop_each(|| entries.next());
    }
}
