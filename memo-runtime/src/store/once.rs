//! How does the result of a method without arguments live, so that a hit is one load?
//!
//! In the cell itself, if it needs no drop and never ends: what was once written there is never written again through `&self`, so
//! readers need no protection. Once it has been forgotten, or if it needs drop, it is in a box that readers pin.
//!
//! # Invariants
//!
//! - `state` is [`COLD`], [`WRITING`], [`READY`], or points to a leaked [`Inner`], which then stays until `&mut self`.
//!   It goes from `COLD` to `WRITING` to `READY`, and from each of them to an `Inner`; never back.
//! - `first` is written by the thread that made `state` `WRITING`, once, and is initialised and constant when `state` is
//!   `READY`. It is used only if [`Once::IN_CELL`], so it never needs drop.
//! - `Inner::value` is null or a leaked box; it is stored to under the lock, and retired boxes go through the limbo list.
//! - No code of the user runs under the lock.

use std::{
    cell::UnsafeCell,
    mem::{self, MaybeUninit},
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

mod inner;
mod kept;

use self::inner::Inner;
pub use self::kept::KeptOnce;
use super::{
    AnyStore, CloneStore, Kept, Look, Same, Store, Ticket,
    mode::{Mode, Owns, Threads, Undecided},
};
use crate::{
    info::{CacheInfo, Metrics, NoStats},
    key::Lookup,
    reclaim::Seen,
    sync::{AtomicPtr, const_new},
    term::{Deadline, Endless, Term},
};

/// Nothing was stored or forgotten yet.
const COLD: usize = 0;
/// A thread is writing `first`.
const WRITING: usize = 1;
/// The result is in `first`.
const READY: usize = 2;

/// The store of a method without arguments.
pub struct Once<V, M: Metrics = NoStats, S: Mode = Threads, T: Term = Endless> {
    state: Undecided<AtomicPtr<Inner<V, M, S, T>>>,
    first: Undecided<UnsafeCell<MaybeUninit<V>>>,
    _owns: Owns<V, S>,
}

/// A cell whose value has a deadline.
pub type TimedOnce<V, M = NoStats, S = Threads> = Once<V, M, S, Deadline>;

/// What a cell holds.
enum State<'s, V, M, S: Mode, T> {
    Cold,
    Writing,
    Ready(&'s V),
    Inner(&'s Inner<V, M, S, T>),
}

impl<V, M: Metrics, S: Mode, T: Term> Once<V, M, S, T> {
    /// Whether the first result lies in the cell itself.
    const IN_CELL: bool = !mem::needs_drop::<V>() && !M::ENABLED && !T::EXPIRES;

    const_new! {
        /// An empty cell, which takes no heap.
        pub fn new() -> Self {
            Self {
                state: Undecided(AtomicPtr::new(ptr::null_mut())),
                first: Undecided(UnsafeCell::new(MaybeUninit::uninit())),
                _owns: Owns::NEW,
            }
        }
    }

    fn state(&self) -> State<'_, V, M, S, T> {
        let state = self.state.load(Acquire);
        match state.addr() {
            READY if Self::IN_CELL => {
                // SAFETY: `first` is initialised and constant from now on; the acquire makes it visible.
                State::Ready(unsafe { (*self.first.get()).assume_init_ref() })
            }
            COLD => State::Cold,
            WRITING => State::Writing,
            // SAFETY: it is a leaked box that is freed only through `&mut self`.
            _ => State::Inner(unsafe { &*state }),
        }
    }

    /// The value.
    fn see(&self) -> Option<Seen<'_, V, Inner<V, M, S, T>>> {
        match self.state() {
            State::Ready(value) => Some(Seen::borrowed(value)),
            State::Inner(inner) => inner.see(),
            State::Cold | State::Writing => None,
        }
    }

    /// Whether there is a value.
    fn is_full(&self) -> bool {
        self.see().is_some()
    }

    /// Replaces what the cell holds by an inner part with this value, if there is none yet; whether it held a value.
    #[cold]
    fn install(&self, forgotten: u64, value: Option<(V, T)>) -> Result<bool, Option<(V, T)>> {
        let mut inner = Box::new(Inner::new(forgotten, value));
        let mut state = self.state.load(Acquire);
        while state.addr() <= READY {
            let new = Box::into_raw(inner);
            match S::swap_if(&self.state, state, new) {
                Ok(()) => return Ok(state.addr() == READY),
                Err(newer) => state = newer,
            }
            // SAFETY: it was not published.
            inner = unsafe { Box::from_raw(new) };
        }
        Err(inner.into_value())
    }

    #[inline]
    fn inner(&self) -> Option<&Inner<V, M, S, T>> {
        match self.state() {
            State::Inner(inner) => Some(inner),
            _ => None,
        }
    }

    /// For cells whose value is not in the cell.
    fn inner_or_new(&self) -> &Inner<V, M, S, T> {
        loop {
            if let Some(inner) = self.inner() {
                return inner;
            }
            // If somebody else was there first, that one is as good.
            let _ = self.install(0, None);
        }
    }

    /// Claims `first` and writes the value to it; gives it back if somebody else was there.
    fn write_first(&self, value: V) -> Result<(), V> {
        let [cold, writing, ready] = [COLD, WRITING, READY].map(ptr::without_provenance_mut);
        if !Self::IN_CELL || S::swap_if(&self.state, cold, writing).is_err() {
            return Err(value);
        }
        // SAFETY: only one thread ever makes the state `WRITING`, and nobody reads before it is `READY`.
        unsafe { (*self.first.get()).write(value) };
        // A failure means that a forgetting came between, so what was written is forgotten.
        let _ = S::swap_if(&self.state, writing, ready);
        Ok(())
    }

    /// Replaces the value, or forgets it if there is none to take its place; whether there was one that was good.
    fn replace(&self, mut value: Option<(V, T)>) -> bool {
        loop {
            if let Some(inner) = self.inner() {
                return inner.set(value);
            }
            match self.install(value.is_none().into(), value) {
                Ok(found) => return found,
                Err(back) => value = back,
            }
        }
    }
}

impl<V, M: Metrics, S: Mode, T: Term> Default for Once<V, M, S, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V, M: Metrics, S: Mode, T: Term> Drop for Once<V, M, S, T> {
    fn drop(&mut self) {
        let state = self.state.load(Relaxed);
        if state.addr() > READY {
            // SAFETY: it is a leaked box, and `&mut self` says that nobody borrows it.
            drop(unsafe { Box::from_raw(state) });
        }
    }
}

impl<V, M: Metrics, S: Mode, T: Term> AnyStore for Once<V, M, S, T> {
    fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Some(other) = other.inner() {
                self.inner_or_new().metrics.absorb(&other.metrics);
            }
        }
    }
}

impl<V, M: Metrics, S: Mode, T: Term> Store for Once<V, M, S, T> {
    type Key = ();
    type Value = V;
    type Term = T;

    #[inline]
    fn quick_hash<A: Lookup<()>>(_args: &A) -> Option<u64> {
        Some(0)
    }

    fn begin(&self, _hash: u64) -> Ticket {
        if M::ENABLED {
            self.inner_or_new().metrics.miss();
        }
        self.inner().map_or(Ticket(0), Inner::ticket)
    }

    fn count_hit(&self) {
        if M::ENABLED {
            self.inner_or_new().metrics.hit();
        }
    }

    fn contains<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> bool {
        self.is_full()
    }

    fn info(&self) -> CacheInfo {
        let mut info = CacheInfo { len: Some(self.is_full().into()), ..CacheInfo::default() };
        match self.inner() {
            Some(inner) => inner.metrics.fill(&mut info),
            None => M::ZERO.fill(&mut info),
        }
        info
    }

    fn forget_all(&self) -> bool {
        self.clear();
        true
    }
}

impl<V, M: Metrics, S: Mode, T: Term> CloneStore for Once<V, M, S, T> {
    type Ref<'s>
        = Seen<'s, V, Inner<V, M, S, T>>
    where
        Self: 's;

    #[inline]
    fn look<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Look<Self::Ref<'_>> {
        if Self::IN_CELL && self.state.load(Acquire).addr() == READY {
            // SAFETY: as in `state`.
            return Look::Found(Seen::borrowed(unsafe { (*self.first.get()).assume_init_ref() }));
        }
        if T::EXPIRES {
            return self.inner().map_or(Look::Absent, Inner::look);
        }
        // Loaded again: of one load, the compiler would ask this first.
        if self.state.load(Relaxed).addr() == COLD { Look::Absent } else { Look::Unsure }
    }

    fn find<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<Self::Ref<'_>> {
        let found = self.see()?;
        if M::ENABLED {
            if let Some(inner) = self.inner() {
                inner.metrics.hit();
            }
        }
        Some(found)
    }

    fn keep_by(
        &self,
        ticket: Ticket,
        _hash: u64,
        (): (),
        (value, term): (V, T),
        _same: impl Same<()>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        let Err(value) = self.write_first(value) else { return Kept::Stored };
        match self.state() {
            State::Ready(present) => Kept::Present(present.clone()),
            State::Writing => Kept::Declined,
            State::Inner(inner) => inner.keep(ticket, value, term),
            State::Cold => self.inner_or_new().keep(ticket, value, term),
        }
    }

    fn peek<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.see().map(|value| value.read(V::clone))
    }

    fn insert_by(&self, _hash: u64, (): (), (value, term): (V, T), _same: impl Same<()>) {
        if let Err(value) = self.write_first(value) {
            self.replace(Some((value, term)));
        }
    }

    fn remove<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> bool {
        self.replace(None)
    }

    fn clear(&self) {
        self.replace(None);
        if let Some(inner) = self.inner() {
            inner.metrics.reset();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
