//! What does an instance know of its own changes, to tell who reads a difference?
//!
//! Each change has a number. For each field there is that of its last change, and for each entry that of the last change before
//! it was stored. Nothing is decided by them: they are only told.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use crate::{
    cache_set::CacheSet,
    fields::{FieldList, Fields},
};

/// How many entries the notes are about. Beyond that all are dropped, and older entries are not known any more.
const MOST_ENTRIES: usize = 10_000;

/// The changes of one instance since its first memoized call.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    changes: u64,
    /// The number of the last change of each bit of [`Fields`].
    last: HashMap<u32, u64>,
    /// How many changes there were before an entry was stored, by the address of its store and its hash.
    stored: HashMap<(usize, u64), u64>,
}

/// What is known of the time since an entry was stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// Nothing.
    Unknown,
    /// So many changes, all in these fields.
    Changes(u64, Fields),
}

impl Notes {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These fields were changed.
    pub(crate) fn changed(&self, fields: Fields) {
        if fields == Fields::NONE {
            return;
        }
        let mut inner = self.lock();
        inner.changes += 1;
        let number = inner.changes;
        inner
            .last
            .extend((0..u64::BITS).filter(|bit| fields.0 >> bit & 1 == 1).map(|bit| (bit, number)));
    }

    fn stored(&self, store: usize, hash: u64) {
        let mut inner = self.lock();
        if inner.stored.len() >= MOST_ENTRIES {
            inner.stored.clear();
        }
        let changes = inner.changes;
        inner.stored.insert((store, hash), changes);
    }

    fn since(&self, store: usize, hash: u64) -> Since {
        let inner = self.lock();
        let Some(&before) = inner.stored.get(&(store, hash)) else { return Since::Unknown };
        let changed = inner.last.iter().filter(|(_, last)| **last > before);
        let fields = changed.fold(0, |fields, (bit, _)| fields | 1 << bit);
        Since::Changes(inner.changes - before, Fields(fields))
    }
}

/// The notes of an instance, for one method.
pub struct Noted<'a> {
    pub(crate) notes: &'a Notes,
    pub(crate) store: usize,
    pub(crate) fields: &'static FieldList,
    /// Whether calls use the instance's own store at the moment.
    pub(crate) is_own: bool,
}

impl Noted<'_> {
    /// A result is about to be computed.
    pub(crate) fn computed(&self, hash: u64) {
        if self.is_own {
            self.notes.stored(self.store, hash);
        }
    }

    pub(crate) fn since(&self, hash: u64) -> Since {
        if self.is_own { self.notes.since(self.store, hash) } else { Since::Unknown }
    }
}

/// The caches of an instance for what bodies compute that are run to verify: there while one of them runs.
pub(crate) struct Aside<C>(Mutex<Weak<C>>);

impl<C> Default for Aside<C> {
    fn default() -> Self {
        Self(Mutex::new(Weak::new()))
    }
}

impl<C: CacheSet> Aside<C> {
    /// The caches, empty if nobody has them yet. They belong to all who hold them.
    pub(crate) fn enter(&self) -> Arc<C> {
        let mut caches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        caches.upgrade().unwrap_or_else(|| {
            let new = Arc::new(C::new());
            *caches = Arc::downgrade(&new);
            new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_from_when_an_entry_was_stored() {
        let notes = Notes::default();
        assert_eq!(notes.since(1, 1), Since::Unknown);
        notes.changed(Fields(0b1));
        notes.stored(1, 1);
        assert_eq!(notes.since(1, 1), Since::Changes(0, Fields::NONE));
        notes.changed(Fields(0b10));
        notes.changed(Fields(0b110));
        notes.changed(Fields::NONE);
        assert_eq!(notes.since(1, 1), Since::Changes(2, Fields(0b110)));
        notes.stored(1, 1);
        assert_eq!(notes.since(1, 1), Since::Changes(0, Fields::NONE));
        assert_eq!(notes.since(2, 1), Since::Unknown);
    }
}
