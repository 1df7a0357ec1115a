//! At most so many results, and the least recently used one goes first.
//!
//! Nothing is preallocated: an entry costs memory when it is stored.

mod ring;

use self::ring::{Link, Ring};
use super::guarded::{
    Guarded, delegate,
    mode::Threads,
    table::{Table, Tables},
};
use crate::{info::Metrics, key::KeyPart};
use hashbrown::HashTable;
use std::{marker::PhantomData, mem};

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
///
/// Invariant: `index` has the links of just the entries in `ring`, by their hashes.
pub(super) struct LruTable<K, W> {
    index: HashTable<Link<Entry<K, W>>>,
    ring: Ring<Entry<K, W>>,
    limit: usize,
}

struct Entry<K, W> {
    hash: u64,
    key: K,
    value: W,
}

impl<K, W> LruTable<K, W> {
    /// The entry with this hash for whose key `is` holds.
    #[inline]
    fn find(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<Link<Entry<K, W>>> {
        let is = |link: &Link<_>| {
            // SAFETY: the index has links of entries in the ring.
            let entry = unsafe { self.ring.get(*link) };
            entry.hash == hash && is(&entry.key)
        };
        self.index.find(hash, is).copied()
    }

    /// Makes the index know an entry in the ring.
    fn insert(&mut self, hash: u64, link: Link<Entry<K, W>>) {
        let ring = &self.ring;
        // SAFETY: the index has links of entries in the ring.
        self.index.insert_unique(hash, link, |link| unsafe { ring.get(*link) }.hash);
    }

    /// Makes the index forget an entry.
    fn forget(&mut self, hash: u64, link: Link<Entry<K, W>>) {
        if let Ok(found) = self.index.find_entry(hash, |found| *found == link) {
            found.remove();
        }
    }
}

impl<K, W> Table<K, W> for LruTable<K, W> {
    fn new(limit: usize) -> Self {
        LruTable { index: HashTable::new(), ring: Ring::new(), limit }
    }

    fn len(&self) -> usize {
        self.ring.len()
    }

    #[inline]
    fn hit(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        let link = self.find(hash, is)?;
        // SAFETY: the index has links of entries in the ring.
        unsafe {
            self.ring.touch(link);
            Some(&self.ring.get(link).value)
        }
    }

    fn peek(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        let link = self.find(hash, is)?;
        // SAFETY: the index has links of entries in the ring.
        Some(unsafe { &self.ring.get(link).value })
    }

    fn add(&mut self, hash: u64, key: K, value: W) -> Option<(K, W)> {
        let entry = Entry { hash, key, value };
        if self.ring.len() < self.limit {
            let link = self.ring.push(entry, self.limit);
            self.insert(hash, link);
            return None;
        }
        let (link, old) = self.ring.replace_oldest(entry)?;
        self.forget(old.hash, link);
        self.insert(hash, link);
        Some((old.key, old.value))
    }

    fn take(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<(K, W)> {
        let link = self.find(hash, is)?;
        self.forget(hash, link);
        // SAFETY: it was in the index, so it is in the ring; now it is in neither.
        let old = unsafe { self.ring.remove(link) };
        Some((old.key, old.value))
    }

    fn take_all(&mut self) -> Self {
        let limit = self.limit;
        mem::replace(self, Self::new(limit))
    }
}

#[cfg(test)]
mod tests;
