//! What does a cell need once it forgets, counts, or has a value that needs drop?

use std::{
    ptr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicPtr, AtomicU64,
            Ordering::{AcqRel, Acquire, Relaxed, Release},
        },
    },
};

use crate::{
    reclaim::{Limbo, Place, advance, pinned},
    store::{Kept, Ticket},
};

/// What a cell needs once it forgets, counts, or has a value that needs drop.
pub(super) struct Inner<V, M> {
    pub(super) value: AtomicPtr<V>,
    pub(super) metrics: M,
    /// How many forgettings there were. Stored under the lock.
    pub(super) forgotten: AtomicU64,
    pub(super) limbo: Mutex<Limbo<Unlinked<V>>>,
}

/// A box that readers may still hold.
pub(super) struct Unlinked<V>(*mut V);

impl<V> Drop for Unlinked<V> {
    fn drop(&mut self) {
        // SAFETY: it was a leaked box, nothing else frees it, and whoever drops this has seen that no reader is left.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

impl<V, M> Drop for Inner<V, M> {
    fn drop(&mut self) {
        let value = *self.value.get_mut();
        if !value.is_null() {
            drop(Unlinked(value));
        }
    }
}

impl<V, M> Inner<V, M> {
    fn lock(&self) -> MutexGuard<'_, Limbo<Unlinked<V>>> {
        self.limbo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    pub(super) fn read<R>(&self, found: impl FnOnce(&V) -> R) -> Option<R> {
        pinned(self, || {
            // SAFETY: null or a box that is not freed while the thread is pinned.
            unsafe { self.value.load(Acquire).as_ref() }.map(found)
        })
    }

    /// Puts a value in the place of the present one; `None` forgets it.
    pub(super) fn set(&self, value: Option<Box<V>>) -> bool {
        let ready;
        let found = {
            let mut limbo = self.lock();
            if value.is_none() {
                self.forgotten.store(self.forgotten.load(Relaxed) + 1, Release);
            }
            let new = value.map_or(ptr::null_mut(), Box::into_raw);
            let old = self.value.swap(new, AcqRel);
            if !old.is_null() {
                limbo.add(advance(), Unlinked(old));
            }
            ready = limbo.take_ready(Place::of(self));
            !old.is_null()
        };
        drop(ready);
        found
    }

    /// Stores the value unless there is one, or was one forgotten since.
    pub(super) fn keep(&self, ticket: Ticket, value: V) -> Kept<V>
    where
        V: Clone,
    {
        loop {
            if let Some(present) = self.read(V::clone) {
                return Kept::Present(present);
            }
            let limbo = self.lock();
            if self.ticket() != ticket {
                return Kept::Declined;
            }
            if self.value.load(Relaxed).is_null() {
                self.value.store(Box::into_raw(Box::new(value)), Release);
                let mut limbo = limbo;
                let ready = limbo.take_ready(Place::of(self));
                drop(limbo);
                drop(ready);
                return Kept::Stored;
            }
        }
    }
}
