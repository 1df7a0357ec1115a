//! What does a cell need once it forgets, counts, or has a value that needs drop?
//!
//! The invariants are those of [`super`].

use std::{
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use crate::{
    info::Metrics,
    reclaim::{Host, Limbo, Pin, Seen, collect, pin, quick_pin},
    store::{
        Kept, Look, Ticket,
        mode::{Lock, Mode},
    },
    sync::{AtomicPtr, AtomicU64, Watched},
    term::Term,
};

/// What a cell needs once it forgets, counts, or has a value that needs drop.
pub struct Inner<V, M, S: Mode, T> {
    value: AtomicPtr<Boxed<V, T>>,
    pub(super) metrics: M,
    /// How many forgettings there were. Stored under the lock.
    forgotten: AtomicU64,
    limbo: S::Lock<Limbo<Unlinked<V, T>>>,
}

/// A value that readers may hold.
struct Boxed<V, T> {
    watched: Watched,
    value: V,
    term: T,
}

/// A box that readers may still hold.
pub struct Unlinked<V, T>(*mut Boxed<V, T>);

impl<V, T> Drop for Unlinked<V, T> {
    fn drop(&mut self) {
        // SAFETY: it was a leaked box, nothing else frees it, and whoever drops this has seen that no reader is left.
        let boxed = unsafe { Box::from_raw(self.0) };
        boxed.watched.freed();
        drop(boxed);
    }
}

impl<V, M, S: Mode, T> Drop for Inner<V, M, S, T> {
    fn drop(&mut self) {
        drop(unlinked(self.value.load(Relaxed)));
    }
}

impl<V, M: Metrics, S: Mode, T: Term> Host for Inner<V, M, S, T> {
    type Garbage = Unlinked<V, T>;
    const SHARED: bool = S::SHARED;
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Unlinked<V, T>>) -> R) -> Option<R> {
        Some(look(&mut self.limbo.lock()))
    }
}

/// What a pointer from [`boxed`] says, which nothing leads to any more.
fn unlinked<V, T>(value: *mut Boxed<V, T>) -> Option<Unlinked<V, T>> {
    if value.is_null() { None } else { Some(Unlinked(value)) }
}

fn boxed<V, T>((value, term): (V, T)) -> *mut Boxed<V, T> {
    Box::into_raw(Box::new(Boxed { watched: Watched::default(), value, term }))
}

impl<V, M: Metrics, S: Mode, T: Term> Inner<V, M, S, T> {
    pub(super) fn new(forgotten: u64, value: Option<(V, T)>) -> Self {
        Self {
            value: AtomicPtr::new(value.map_or(ptr::null_mut(), boxed)),
            metrics: M::ZERO,
            forgotten: AtomicU64::new(forgotten),
            limbo: S::Lock::new(Limbo::new()),
        }
    }

    /// The value of one that nobody else has seen.
    pub(super) fn into_value(self) -> Option<(V, T)> {
        let value = self.value.load(Relaxed);
        self.value.store(ptr::null_mut(), Relaxed);
        if value.is_null() {
            return None;
        }
        // SAFETY: it is the box that was leaked by `new`.
        let boxed = unsafe { Box::from_raw(value) };
        Some((boxed.value, boxed.term))
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// A first look, as a call.
    #[inline]
    pub(super) fn look(&self) -> Look<Seen<'_, V, Self>> {
        let Some(pin) = quick_pin(self) else { return Look::Unsure };
        // SAFETY: null or a box that is not freed while the thread is pinned.
        let Some(boxed) = (unsafe { self.value.load(Acquire).as_ref() }) else {
            return Look::Absent;
        };
        boxed.watched.used();
        if boxed.term.is_over() {
            return Look::Absent;
        }
        self.metrics.hit();
        // SAFETY: as above.
        Look::Found(unsafe { Seen::new(&raw const boxed.value, Some(Pin::Own(pin))) })
    }

    pub(super) fn see(&self) -> Option<Seen<'_, V, Self>> {
        let pin = pin(self);
        // SAFETY: null or a box that is not freed while the thread is pinned.
        let boxed = unsafe { self.value.load(Acquire).as_ref() }?;
        boxed.watched.used();
        if boxed.term.is_over() {
            return None;
        }
        // SAFETY: as above.
        Some(unsafe { Seen::new(&raw const boxed.value, Some(pin)) })
    }

    /// Puts a value in the place of the present one; `None` forgets it. Whether there was one that was good.
    pub(super) fn set(&self, value: Option<(V, T)>) -> bool {
        let new = value.map_or(ptr::null_mut(), boxed);
        let (found, was_good) = {
            let mut limbo = self.limbo.lock();
            if new.is_null() {
                self.forgotten.store(self.forgotten.load(Relaxed) + 1, Release);
            }
            let old = self.value.load(Relaxed);
            self.value.store(new, Release);
            // SAFETY: the lock is held, and was when the value was loaded.
            let was_good = unsafe { Self::is_good(old) };
            (unlinked(old).map(|old| limbo.add(old)).is_some(), was_good)
        };
        if found {
            collect(self);
        }
        was_good
    }

    /// Whether there is a value, and it is good.
    ///
    /// # Safety
    ///
    /// The value was loaded under the lock, which is still held: a box leaves its place, and so is freed, only with it.
    unsafe fn is_good(value: *mut Boxed<V, T>) -> bool {
        // SAFETY: null, or a box that is alive: the caller's promise.
        unsafe { value.as_ref() }.is_some_and(|boxed| !boxed.term.is_over())
    }

    /// Stores the value unless there is one that is good, or was one forgotten since.
    pub(super) fn keep(&self, ticket: Ticket, value: V, term: T) -> Kept<V>
    where
        V: Clone,
    {
        loop {
            if let Some(present) = self.see() {
                return Kept::Present(present.read(V::clone));
            }
            let mut limbo = self.limbo.lock();
            if self.ticket() != ticket {
                return Kept::Declined;
            }
            let old = self.value.load(Relaxed);
            // SAFETY: as in `set`.
            if !unsafe { Self::is_good(old) } {
                self.value.store(boxed((value, term)), Release);
                let over = unlinked(old).map(|old| limbo.add(old));
                drop(limbo);
                if over.is_some() {
                    collect(self);
                }
                return Kept::Stored;
            }
        }
    }
}
