//! What does a cell need once it forgets, counts, or has a value that needs drop?

use std::{
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use crate::{
    info::Metrics,
    reclaim::{Host, Limbo, Seen, collect, pin},
    store::{
        Kept, Ticket,
        mode::{Lock, Mode},
    },
    sync::{AtomicPtr, AtomicU64, Watched},
};

/// What a cell needs once it forgets, counts, or has a value that needs drop.
pub struct Inner<V, M, S: Mode> {
    value: AtomicPtr<Boxed<V>>,
    pub(super) metrics: M,
    /// How many forgettings there were. Stored under the lock.
    forgotten: AtomicU64,
    limbo: S::Lock<Limbo<Unlinked<V>>>,
}

/// A value that readers may hold.
struct Boxed<V> {
    watched: Watched,
    value: V,
}

/// A box that readers may still hold.
pub struct Unlinked<V>(*mut Boxed<V>);

impl<V> Drop for Unlinked<V> {
    fn drop(&mut self) {
        // SAFETY: it was a leaked box, nothing else frees it, and whoever drops this has seen that no reader is left.
        let boxed = unsafe { Box::from_raw(self.0) };
        boxed.watched.freed();
        drop(boxed);
    }
}

impl<V, M, S: Mode> Drop for Inner<V, M, S> {
    fn drop(&mut self) {
        drop(unlinked(self.value.load(Relaxed)));
    }
}

impl<V, M: Metrics, S: Mode> Host for Inner<V, M, S> {
    type Garbage = Unlinked<V>;
    const SHARED: bool = S::SHARED;
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Unlinked<V>>) -> R) -> Option<R> {
        Some(look(&mut self.limbo.lock()))
    }
}

/// What a pointer from [`boxed`] says, which nothing leads to any more.
fn unlinked<V>(value: *mut Boxed<V>) -> Option<Unlinked<V>> {
    if value.is_null() { None } else { Some(Unlinked(value)) }
}

fn boxed<V>(value: V) -> *mut Boxed<V> {
    Box::into_raw(Box::new(Boxed { watched: Watched::default(), value }))
}

impl<V, M: Metrics, S: Mode> Inner<V, M, S> {
    pub(super) fn new(forgotten: u64, value: Option<V>) -> Self {
        Self {
            value: AtomicPtr::new(value.map_or(ptr::null_mut(), boxed)),
            metrics: M::ZERO,
            forgotten: AtomicU64::new(forgotten),
            limbo: S::Lock::new(Limbo::new()),
        }
    }

    /// The value of one that nobody else has seen.
    pub(super) fn into_value(self) -> Option<V> {
        let value = self.value.load(Relaxed);
        self.value.store(ptr::null_mut(), Relaxed);
        // SAFETY: it is null, or the box that was leaked by `new`.
        if value.is_null() { None } else { Some(unsafe { Box::from_raw(value) }.value) }
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    pub(super) fn see(&self) -> Option<Seen<'_, V, Self>> {
        let pin = pin(self);
        // SAFETY: null or a box that is not freed while the thread is pinned.
        let boxed = unsafe { self.value.load(Acquire).as_ref() }?;
        boxed.watched.used();
        // SAFETY: as above.
        Some(unsafe { Seen::new(&raw const boxed.value, Some(pin)) })
    }

    /// Puts a value in the place of the present one; `None` forgets it.
    pub(super) fn set(&self, value: Option<V>) -> bool {
        let new = value.map_or(ptr::null_mut(), boxed);
        let found = {
            let mut limbo = self.limbo.lock();
            if new.is_null() {
                self.forgotten.store(self.forgotten.load(Relaxed) + 1, Release);
            }
            let old = self.value.load(Relaxed);
            self.value.store(new, Release);
            unlinked(old).map(|old| limbo.add(old)).is_some()
        };
        if found {
            collect(self);
        }
        found
    }

    /// Stores the value unless there is one, or was one forgotten since.
    pub(super) fn keep(&self, ticket: Ticket, value: V) -> Kept<V>
    where
        V: Clone,
    {
        loop {
            if let Some(present) = self.see() {
                return Kept::Present(present.read(V::clone));
            }
            let _limbo = self.limbo.lock();
            if self.ticket() != ticket {
                return Kept::Declined;
            }
            if self.value.load(Relaxed).is_null() {
                self.value.store(boxed(value), Release);
                return Kept::Stored;
            }
        }
    }
}
