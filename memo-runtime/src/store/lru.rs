//! At most so many results, and the least recently used one goes first.
//!
//! The [`lru`] crate keeps the order. Nothing is preallocated: an entry costs memory when it is stored.

use super::guarded::{
    Guarded, Slot, delegate, drop_each,
    mode::{Mode, Threads},
    table::{Entry, Hashed, Identity, Probe, Stored, Table},
};
use crate::{info::Metrics, key::KeyPart};
use lru::LruCache;
use std::{mem, num::NonZeroUsize};

/// A bounded store with an exact order, for threads. A hit takes one lock.
pub struct Lru<K: KeyPart, V, M, const CAPACITY: usize> {
    guarded: Guarded<LruTable<K, V, Threads>, M, Threads>,
}

impl<K: KeyPart, V, M, const CAPACITY: usize> Lru<K, V, M, CAPACITY> {
    /// A cold store.
    pub const fn new() -> Self {
        const { assert!(CAPACITY > 0, "a store has room for an entry") };
        Lru { guarded: Guarded::new() }
    }
}

delegate! {
    Lru<K, V, M, CAPACITY>;
    any [K: KeyPart, V, M: Metrics, const CAPACITY: usize];
    key K; value V;
    limit CAPACITY; capacity Some(CAPACITY);
}

/// Entries in the order of their use.
pub(super) struct LruTable<K: KeyPart, V, S: Mode> {
    /// `None` while it is empty: the ends of an `LruCache` are on the heap.
    entries: Option<LruCache<Stored<K>, Slot<V, S>, Identity>>,
    limit: NonZeroUsize,
}

impl<K: KeyPart, V, S: Mode> Table<S> for LruTable<K, V, S> {
    type Key = K;
    type Value = V;

    fn new(limit: usize) -> Self {
        LruTable { entries: None, limit: NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN) }
    }

    fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, LruCache::len)
    }

    #[inline]
    fn hit<P: Probe<K>>(&mut self, probe: &Hashed<P>) -> Option<Slot<V, S>> {
        let probe: &Hashed<dyn Probe<K> + '_> = probe;
        self.entries.as_mut()?.get(probe).map(Slot::snapshot)
    }

    fn peek<P: Probe<K>>(&self, probe: &Hashed<P>) -> Option<Slot<V, S>> {
        let probe: &Hashed<dyn Probe<K> + '_> = probe;
        self.entries.as_ref()?.peek(probe).map(Slot::snapshot)
    }

    fn add(&mut self, key: Stored<K>, value: Slot<V, S>) -> Option<Entry<K, V, S>> {
        let limit = self.limit;
        let entries = self.entries.get_or_insert_with(|| {
            // With the limit from the start, it would reserve that much memory.
            let mut entries = LruCache::unbounded_with_hasher(Identity::default());
            entries.resize(limit);
            entries
        });
        entries.push(key, value)
    }

    fn take<P: Probe<K>>(&mut self, probe: &Hashed<P>) -> Option<Entry<K, V, S>> {
        let probe: &Hashed<dyn Probe<K> + '_> = probe;
        self.entries.as_mut()?.pop_entry(probe)
    }

    fn take_all(&mut self) -> Self {
        let limit = self.limit;
        mem::replace(self, LruTable { entries: None, limit })
    }
}

impl<K: KeyPart, V, S: Mode> Drop for LruTable<K, V, S> {
    fn drop(&mut self) {
        if let Some(entries) = &mut self.entries {
            drop_each(|| entries.pop_lru());
        }
    }
}

#[cfg(test)]
mod tests;
