//! Any number of results, for one thread.

use super::guarded::{
    Guarded, Slot, delegate, drop_each,
    mode::{Local, Mode},
    table::{Entry, Hashed, Probe, Stored, Table},
};
use crate::{
    info::{Metrics, NoStats},
    key::KeyPart,
};
use hashbrown::HashTable;
use std::mem;

/// An unbounded store for one thread.
pub struct LocalMap<K: KeyPart, V, M = NoStats> {
    guarded: Guarded<MapTable<K, V, Local>, M, Local>,
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

/// Entries in no order.
struct MapTable<K: KeyPart, V, S: Mode> {
    entries: HashTable<Entry<K, V, S>>,
}

impl<K: KeyPart, V, S: Mode> Table<S> for MapTable<K, V, S> {
    type Key = K;
    type Value = V;

    fn new(_limit: usize) -> Self {
        MapTable { entries: HashTable::new() }
    }

    fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    fn hit<P: Probe<K>>(&mut self, probe: &Hashed<P>) -> Option<Slot<V, S>> {
        self.peek(probe)
    }

    #[inline]
    fn peek<P: Probe<K>>(&self, probe: &Hashed<P>) -> Option<Slot<V, S>> {
        let (_, value) = self.entries.find(probe.hash, |(key, _)| probe.is(key))?;
        Some(value.snapshot())
    }

    fn add(&mut self, key: Stored<K>, value: Slot<V, S>) -> Option<Entry<K, V, S>> {
        self.entries.insert_unique(key.hash, (key, value), |(key, _)| key.hash);
        None
    }

    fn take<P: Probe<K>>(&mut self, probe: &Hashed<P>) -> Option<Entry<K, V, S>> {
        let entry = self.entries.find_entry(probe.hash, |(key, _)| probe.is(key)).ok()?;
        Some(entry.remove().0)
    }

    fn take_all(&mut self) -> Self {
        MapTable { entries: mem::take(&mut self.entries) }
    }
}

impl<K: KeyPart, V, S: Mode> Drop for MapTable<K, V, S> {
    fn drop(&mut self) {
        let mut entries = mem::take(&mut self.entries).into_iter();
        drop_each(|| entries.next());
    }
}
