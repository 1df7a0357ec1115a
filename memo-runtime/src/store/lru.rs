//! At most so many results, and the least recently used one goes first.
//!
//! The [`lru`] crate keeps the order. Nothing is preallocated: an entry costs memory when it is stored.

mod key;

use self::key::{By, Hashed, Identity, Own, Probe, Stored};
use super::guarded::{
    Guarded, delegate, drop_each,
    mode::Threads,
    table::{Table, Tables},
};
use crate::{info::Metrics, key::KeyPart};
use lru::LruCache;
use std::{marker::PhantomData, mem, num::NonZeroUsize};

/// A bounded store with an exact order, for threads. A hit takes one lock.
pub struct Lru<K: KeyPart, V, M, const CAPACITY: usize> {
    guarded: Guarded<LruTables<K, V>, M, Threads>,
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

/// Names [`LruTable`].
pub(super) struct LruTables<K, V>(PhantomData<(K, V)>);

impl<K: KeyPart, V> Tables for LruTables<K, V> {
    type Key = K;
    type Value = V;
    type Table<W> = LruTable<K::Stored, W>;
}

/// Entries in the order of their use.
pub(super) struct LruTable<K, W> {
    /// `None` while it is empty: the ends of an `LruCache` are on the heap.
    entries: Option<LruCache<Stored<K>, W, Identity>>,
    limit: NonZeroUsize,
}

impl<K, W> Table<K, W> for LruTable<K, W> {
    fn new(limit: usize) -> Self {
        LruTable { entries: None, limit: NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN) }
    }

    fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, LruCache::len)
    }

    #[inline]
    fn hit(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        self.entries.as_mut()?.get(sought)
    }

    fn peek(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        self.entries.as_ref()?.peek(sought)
    }

    fn add(&mut self, hash: u64, key: K, value: W) -> Option<(K, W)> {
        let limit = self.limit;
        let entries = self.entries.get_or_insert_with(|| {
            // With the limit from the start, it would reserve that much memory.
            let mut entries = LruCache::unbounded_with_hasher(Identity::default());
            entries.resize(limit);
            entries
        });
        let (old, value) = entries.push(Hashed { hash, part: Own(key) }, value)?;
        Some((old.part.0, value))
    }

    fn take(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<(K, W)> {
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        let (old, value) = self.entries.as_mut()?.pop_entry(sought)?;
        Some((old.part.0, value))
    }

    fn take_all(&mut self) -> Self {
        let limit = self.limit;
        mem::replace(self, LruTable { entries: None, limit })
    }
}

impl<K, W> Drop for LruTable<K, W> {
    fn drop(&mut self) {
        if let Some(entries) = &mut self.entries {
            drop_each(|| entries.pop_lru());
        }
    }
}

#[cfg(test)]
mod tests;
