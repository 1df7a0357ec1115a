//! What is done with the table while its lock is held, and what after that?

use super::{
    Either, StoredIn,
    order::Order,
    slot::{Slot, Snapshot},
};
use std::sync::atomic::Ordering::Acquire;

use crate::{
    info::Metrics,
    key::{KeyPart, Lookup},
    store::{
        Kept, Look, Same, Ticket,
        history::History,
        mode::{Lock, Mode},
    },
    sync::AtomicU64,
    term::Term,
};

/// What a store is once it has been used.
pub(super) struct Warm<K: KeyPart, V, M, S: Mode, T> {
    /// How often something was forgotten. What is not in the history, too, was asked for by somebody who was declined.
    forgettings: AtomicU64,
    home: S::Lock<Home<K, V, S, T>>,
    pub(super) metrics: M,
}

/// What the lock guards.
pub(super) struct Home<K: KeyPart, V, S: Mode, T> {
    entries: Either<K, V, S, T>,
    history: History,
}

type Guard<'a, K, V, S, T> =
    <<S as Mode>::Lock<Home<K, V, S, T>> as Lock<Home<K, V, S, T>>>::Held<'a>;

/// A snapshot of what is not over.
#[inline]
fn good<V, W: Slot<V>, T: Term>((slot, term): &(W, T)) -> Option<W> {
    if term.is_over() { None } else { Some(slot.snapshot()) }
}

impl<K: KeyPart, V, M: Metrics, S: Mode, T: Term> Warm<K, V, M, S, T> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            forgettings: AtomicU64::new(0),
            home: S::Lock::new(Home {
                entries: Either { copied: Order::new(limit), counted: Order::new(limit) },
                history: History::new(0),
            }),
            metrics: M::ZERO,
        }
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgettings.load(Acquire))
    }

    /// The number of entries; none while this thread is in a key's `Eq`.
    pub(super) fn len(&self) -> usize {
        let Some(mut home) = self.hold() else { return 0 };
        let forgotten = self.catch_up(&mut home);
        let len = home.entries.copied.len() + home.entries.counted.len();
        drop(home);
        drop(forgotten);
        len
    }

    /// Whether comparing keys may run code of the user.
    #[inline]
    pub(super) fn runs_code() -> bool {
        K::copies().is_none()
    }

    /// The lock, unless this thread is in code of the user that runs under it.
    #[inline]
    pub(super) fn hold(&self) -> Option<Guard<'_, K, V, S, T>> {
        self.home.hold(Self::runs_code())
    }

    /// A first look, as a call. Unlike [`Warm::find`], it is one straight way, to the lock of its owner.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "as below")]
    pub(super) fn look<W: StoredIn<K, V, S, T>, A: Lookup<K>>(
        &self,
        hash: u64,
        args: &A,
    ) -> Look<Snapshot<V, S>> {
        if Self::runs_code() {
            return self.find::<W, A>(hash, args).map_or(Look::Absent, Look::Found);
        }
        let Some(mut home) = self.home.hold_quick() else { return Look::Unsure };
        // Nobody is declined here: see `release`.
        let found = W::table(&mut home.entries).hit(hash, |key| args.matches(key));
        let Some(found) = found.and_then(good) else { return Look::Absent };
        drop(home);
        self.metrics.hit();
        Look::Found(found.into())
    }

    /// A snapshot of what a call finds; counts the hit.
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "outlined, it takes the key and gives the value in memory"
    )]
    pub(super) fn find<W: StoredIn<K, V, S, T>, A: Lookup<K>>(
        &self,
        hash: u64,
        args: &A,
    ) -> Option<Snapshot<V, S>> {
        let mut home = self.hold()?;
        let found = W::table(&mut home.entries).hit(hash, |key| args.matches(key)).and_then(good);
        let found = self.release(home, found)?;
        self.metrics.hit();
        Some(found.into())
    }

    pub(super) fn peek<W: StoredIn<K, V, S, T>, R>(
        &self,
        hash: u64,
        args: &impl Lookup<K>,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        let mut home = self.hold()?;
        let found = W::table(&mut home.entries).peek(hash, |key| args.matches(key)).and_then(good);
        Some(read(self.release(home, found)?.get()))
    }

    pub(super) fn keep<W: StoredIn<K, V, S, T>, F: Same<K::Stored>>(
        &self,
        ticket: Ticket,
        hash: u64,
        key: K::Stored,
        (value, term): (V, T),
        same: F,
    ) -> Kept<V>
    where
        V: Clone,
    {
        // These outlive the guard, also when `Eq` panics: their destructors are the user's.
        let (key, value) = (key, (W::new(value), term));
        let Some(mut home) = self.hold() else { return Kept::Declined };
        let entries = W::table(&mut home.entries);
        let found = if entries.lacks(hash) {
            None
        } else {
            entries.hit(hash, |stored| same.same(&key, stored))
        };
        let is_over = found.is_some_and(|(_, term)| term.is_over());
        let present = found.and_then(good);
        let over = if is_over {
            W::table(&mut home.entries).take(hash, |stored| same.same(&key, stored))
        } else {
            None
        };
        let forgotten = self.catch_up(&mut home);
        if !home.history.allows(ticket.0, hash) {
            drop(home);
            drop((present, over, forgotten));
            return Kept::Declined;
        }
        match (present, forgotten) {
            (Some(present), None) => {
                drop(home);
                Kept::Present(present.get().clone())
            }
            gone => {
                let swept = W::table(&mut home.entries).sweep();
                let evicted = W::table(&mut home.entries).add(hash, key, value);
                drop(home);
                self.count_evicted(evicted.is_some());
                drop((gone, over, swept, evicted));
                Kept::Stored
            }
        }
    }

    pub(super) fn insert<W: StoredIn<K, V, S, T>, F: Same<K::Stored>>(
        &self,
        hash: u64,
        key: K::Stored,
        (value, term): (V, T),
        same: F,
    ) {
        let (key, value) = (key, (W::new(value), term));
        let Some(mut home) = self.hold() else { return };
        let replaced = W::table(&mut home.entries).take(hash, |stored| same.same(&key, stored));
        let forgotten = self.catch_up(&mut home);
        let swept = W::table(&mut home.entries).sweep();
        let evicted = W::table(&mut home.entries).add(hash, key, value);
        drop(home);
        self.count_evicted(evicted.is_some());
        drop((replaced, forgotten, swept, evicted));
    }

    pub(super) fn remove<W: StoredIn<K, V, S, T>, A: Lookup<K>>(
        &self,
        hash: u64,
        args: &A,
    ) -> bool {
        let Some(mut home) = self.hold() else {
            self.forget_later();
            return false;
        };
        // Before the look-up, so that a panic in `Eq` does not lose it.
        let number = S::bump(&self.forgettings);
        if home.history.ticket() + 1 == number {
            home.history.forget(hash);
        }
        let removed = W::table(&mut home.entries).take(hash, |key| args.matches(key));
        let forgotten = self.catch_up(&mut home);
        drop(home);
        removed.is_some_and(|(_, (_, term))| !term.is_over()) && forgotten.is_none()
    }

    /// Applies the forgettings that were declined; what was forgotten. To be dropped after the guard.
    #[must_use]
    #[inline]
    pub(super) fn catch_up(&self, home: &mut Home<K, V, S, T>) -> Option<Box<Either<K, V, S, T>>> {
        let forgettings = self.forgettings.load(Acquire);
        // In a box, because it is handed around, and seldom there.
        (forgettings != home.history.ticket()).then(|| Box::new(home.forget_all_until(forgettings)))
    }

    /// Lets go of the lock; what was found under it, unless it was forgotten meanwhile.
    #[inline]
    fn release<W>(&self, home: Guard<'_, K, V, S, T>, found: Option<W>) -> Option<W> {
        // If no code of the user has run, nobody was declined: who forgets waits for the lock.
        if Self::runs_code() && self.forgettings.load(Acquire) != home.history.ticket() {
            self.release_forgotten(home);
            return None;
        }
        drop(home);
        found
    }

    #[cold]
    #[inline(never)]
    fn release_forgotten(&self, mut home: Guard<'_, K, V, S, T>) {
        let forgotten = self.catch_up(&mut home);
        drop(home);
        drop(forgotten);
    }

    fn count_evicted(&self, evicted: bool) {
        if evicted {
            self.metrics.evict(1);
        }
    }

    /// Forgets everything: now, or when the lock is let go of by the thread that holds it.
    pub(super) fn forget_later(&self) {
        S::bump(&self.forgettings);
        if let Some(mut home) = self.hold() {
            let forgotten = self.catch_up(&mut home);
            drop(home);
            drop(forgotten);
        }
    }
}

impl<K: KeyPart, V, S: Mode, T: Term> Home<K, V, S, T> {
    /// Forgets everything, `forgettings` being the number of the latest forgetting.
    #[cold]
    #[inline(never)]
    fn forget_all_until(&mut self, forgettings: u64) -> Either<K, V, S, T> {
        self.history.forget_all_until(forgettings);
        let Either { copied, counted } = &mut self.entries;
        Either { copied: copied.take_all(), counted: counted.take_all() }
    }
}
