//! In which order were entries used?

use std::{cell::Cell, mem, num::NonZeroUsize, ptr};

use lru::LruCache;

use super::key::{By, Hashed, Identity, Own, Probe, Stored};
use crate::{
    store::{LOOKED_AT, drop_each},
    term::Term,
};

/// Entries in the order of their use, found by their hash and by `is`, the only code of the user that any of these methods
/// runs.
pub(super) struct Order<K, W> {
    /// `None` while it is empty: the ends of an `LruCache` are on the heap.
    entries: Option<LruCache<Stored<K>, W, Identity>>,
    limit: NonZeroUsize,
    /// A hash that no entry has: that of the last look-up which found nothing.
    absent: Option<u64>,
}

impl<K, W> Order<K, W> {
    /// No entries yet; allocates nothing.
    pub(super) fn new(limit: usize) -> Self {
        let limit = NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN);
        Order { entries: None, limit, absent: None }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.as_ref().map_or(0, LruCache::len)
    }

    /// Finds an entry and makes it the most recently used one.
    #[inline]
    pub(super) fn hit(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        // Only a key of an equal hash is compared.
        let is_met = Cell::new(false);
        let is = |key: &K| {
            is_met.set(true);
            is(key)
        };
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        let found = self.entries.as_mut().and_then(|entries| entries.get(sought));
        if found.is_none() && !is_met.get() {
            self.absent = Some(hash);
        }
        found
    }

    /// Whether it is known, without a look-up, that no entry has this hash: what was just missed needs no second one.
    pub(super) fn lacks(&self, hash: u64) -> bool {
        self.absent == Some(hash)
    }

    /// Finds an entry.
    pub(super) fn peek(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W> {
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        self.entries.as_ref()?.peek(sought)
    }

    /// Adds an entry whose key is not there; what had to go for it.
    pub(super) fn add(&mut self, hash: u64, key: K, value: W) -> Option<(K, W)> {
        if self.lacks(hash) {
            self.absent = None;
        }
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

    /// Takes an entry out.
    pub(super) fn take(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<(K, W)> {
        let sought: &Hashed<dyn Probe<K> + '_> = &Hashed { hash, part: By(is) };
        let (old, value) = self.entries.as_mut()?.pop_entry(sought)?;
        Some((old.part.0, value))
    }

    /// Takes everything out, and the memory with it.
    pub(super) fn take_all(&mut self) -> Self {
        let empty = Order { entries: None, limit: self.limit, absent: None };
        mem::replace(self, empty)
    }
}

impl<K, W, T: Term> Order<K, (W, T)> {
    /// Looks at the entries that were not used for longest, and takes out those that are over.
    #[inline]
    pub(super) fn sweep(&mut self) -> Vec<(K, (W, T))> {
        if T::EXPIRES { self.take_over() } else { Vec::new() }
    }

    fn take_over(&mut self) -> Vec<(K, (W, T))> {
        let last = self.entries.iter().flat_map(|entries| entries.iter().rev());
        let over: Vec<(u64, *const K)> = last
            .take(LOOKED_AT as usize)
            .filter(|(_, (_, term))| term.is_over())
            .map(|(key, _)| (key.hash, &raw const key.part.0))
            .collect();
        over.into_iter()
            .filter_map(|(hash, key)| self.take(hash, |stored| ptr::eq(stored, key)))
            .collect()
    }
}

impl<K, W> Drop for Order<K, W> {
    fn drop(&mut self) {
        if let Some(entries) = &mut self.entries {
            drop_each(|| entries.pop_lru());
        }
    }
}
