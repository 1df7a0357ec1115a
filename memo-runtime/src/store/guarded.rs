//! How are the rules of [`super`] kept by a table behind a lock?
//!
//! - The body, and the `Hash`, `Clone` and `Drop` of keys and values, run while the lock is not held.
//! - A key's `Eq` runs inside the table's look-up, under the lock. A call back into the store finds the lock taken and is
//!   *declined* ([`Lock::hold`]): nothing is found, nothing is stored.
//! - A declined `clear` or `remove` is not lost: it raises the number of forgettings, which belongs to no lock. Who holds
//!   the lock compares that number with the one that the table's history knows before it trusts what it found, and
//!   forgets everything if they differ.

mod delegate;
pub(crate) mod lazy;
pub(crate) mod mode;
mod slot;
pub(crate) mod table;

pub(crate) use {delegate::delegate, slot::Slot};

use self::{
    lazy::Lazy,
    mode::{Count, Lock, Mode, Threads},
    table::{ByArgs, ByKey, Entry, Hashed, Key, Stored, Table},
};
use super::{Kept, Same, Ticket, history::History};
use crate::{
    info::{CacheInfo, Metrics},
    key::{KeyPart, KeyType, Lookup},
};
use std::panic::{RefUnwindSafe, UnwindSafe};

/// A table behind a lock, built when it is first needed.
pub(crate) struct Guarded<T: Table<S>, M, S: Mode> {
    warm: Lazy<Warm<T, M, S>, S>,
}

/// What a store is once it has been used.
struct Warm<T: Table<S>, M, S: Mode> {
    /// How often something was forgotten. What is not in the history, too, was asked for by somebody who was declined.
    forgettings: S::Count,
    guarded: S::Lock<Home<T>>,
    metrics: M,
}

/// What the lock guards.
struct Home<T> {
    table: T,
    history: History,
}

type StoredOf<T, S> = <<T as Table<S>>::Key as KeyPart>::Stored;
type Guard<'a, T, S> = <<S as Mode>::Lock<Home<T>> as Lock<Home<T>>>::Guard<'a>;

// SAFETY: Keys and values go where the store goes. A shared pointer to a value (`Slot`) leaves the table only for the time
// of a call that borrows the store, so that none stays behind.
unsafe impl<T: Table<S>, M: Send, S: Mode> Send for Guarded<T, M, S>
where
    StoredOf<T, S>: Send,
    T::Value: Send,
{
}
// SAFETY: With `Threads`, the root pointer is atomic, the number of forgettings is atomic, the table is behind a `Mutex`,
// and shared pointers to values are `Arc`s. Threads drop each other's keys and values (`Send`), and read them (`Sync`).
unsafe impl<T: Table<Threads>, M: Send + Sync> Sync for Guarded<T, M, Threads>
where
    StoredOf<T, Threads>: Send + Sync,
    T::Value: Send + Sync,
{
}
// A panic in a key's or a value's code leaves the store itself in order.
impl<T: Table<S>, M, S: Mode> UnwindSafe for Guarded<T, M, S>
where
    StoredOf<T, S>: UnwindSafe,
    T::Value: UnwindSafe,
{
}
impl<T: Table<S>, M, S: Mode> RefUnwindSafe for Guarded<T, M, S>
where
    StoredOf<T, S>: RefUnwindSafe,
    T::Value: RefUnwindSafe,
{
}

impl<T: Table<S>, M, S: Mode> Guarded<T, M, S> {
    pub(crate) const fn new() -> Self {
        Guarded { warm: Lazy::new() }
    }

    /// One that is cold, after everything was forgotten that often.
    pub(crate) fn cold(forgettings: u64) -> Self {
        Guarded { warm: Lazy::cold(forgettings) }
    }
}

// `limit` is the number of entries that the table may hold; it is the same in all calls.
impl<T: Table<S>, M: Metrics, S: Mode> Guarded<T, M, S> {
    fn build(&self, limit: usize) -> &Warm<T, M, S> {
        self.warm.get_or_build(|forgettings| Warm {
            forgettings: S::Count::new(forgettings),
            guarded: S::Lock::new(Home {
                table: T::new(limit),
                history: History::new(forgettings),
            }),
            metrics: M::ZERO,
        })
    }

    pub(crate) fn empty(&mut self) {
        drop(self.warm.take());
    }

    pub(crate) fn absorb(&self, limit: usize, other: &Self) {
        if M::ENABLED {
            if let Ok(other) = other.warm.get() {
                self.build(limit).metrics.absorb(&other.metrics);
            }
        }
    }

    pub(crate) fn begin(&self, limit: usize) -> Ticket {
        if M::ENABLED {
            self.build(limit).metrics.miss();
        }
        Ticket(
            self.warm.get().map_or_else(|forgettings| forgettings, |warm| warm.forgettings.get()),
        )
    }

    /// The number of entries; none while this thread is in a key's `Eq`.
    pub(crate) fn len(&self) -> usize {
        let Ok(warm) = self.warm.get() else { return 0 };
        let Some(mut home) = warm.guarded.hold() else { return 0 };
        let forgotten = warm.catch_up(&mut home);
        let len = home.table.len();
        drop(home);
        drop(forgotten);
        len
    }

    /// Adds the counts.
    pub(crate) fn count(&self, metrics: &M) {
        if let Ok(warm) = self.warm.get() {
            metrics.absorb(&warm.metrics);
        }
    }

    pub(crate) fn info(&self, capacity: Option<usize>) -> CacheInfo {
        let mut info = CacheInfo { len: self.len(), capacity, ..CacheInfo::default() };
        match self.warm.get() {
            Ok(warm) => warm.metrics.fill(&mut info),
            Err(_) => M::ZERO.fill(&mut info),
        }
        info
    }

    #[inline]
    pub(crate) fn hit<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> Option<T::Value>
    where
        T::Value: Clone,
    {
        let warm = self.warm.get().ok()?;
        let mut home = warm.guarded.hold()?;
        let found = home.table.hit(&Hashed { hash, part: ByArgs(args) });
        let value = warm.release(home, found)?.get().clone();
        warm.metrics.hit();
        Some(value)
    }

    fn find<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> Option<Slot<T::Value, S>> {
        let warm = self.warm.get().ok()?;
        let home = warm.guarded.hold()?;
        let found = home.table.peek(&Hashed { hash, part: ByArgs(args) });
        warm.release(home, found)
    }

    pub(crate) fn contains<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> bool {
        self.find(hash, args).is_some()
    }

    pub(crate) fn peek<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> Option<T::Value>
    where
        T::Value: Clone,
    {
        Some(self.find(hash, args)?.get().clone())
    }

    pub(crate) fn keep(
        &self,
        limit: usize,
        ticket: Ticket,
        hash: u64,
        key: StoredOf<T, S>,
        value: T::Value,
        same: impl Same<StoredOf<T, S>>,
    ) -> Kept<T::Value>
    where
        T::Value: Clone,
    {
        // These outlive the guard, also when `Eq` panics: their destructors are the user's.
        let (key, value) = (Stored { hash, part: Key(key) }, Slot::new(value));
        let warm = self.build(limit);
        let Some(mut home) = warm.guarded.hold() else { return Kept::Declined };
        let present = home.table.hit(&Hashed { hash, part: ByKey(&key.part.0, same) });
        let forgotten = warm.catch_up(&mut home);
        if !home.history.allows(ticket.0, hash) {
            drop(home);
            drop((present, forgotten));
            return Kept::Declined;
        }
        match (present, forgotten) {
            (Some(present), None) => {
                drop(home);
                Kept::Present(present.get().clone())
            }
            gone => {
                let evicted = home.table.add(key, value);
                drop(home);
                warm.count_evicted(evicted.as_ref());
                drop((gone, evicted));
                Kept::Stored
            }
        }
    }

    pub(crate) fn insert(&self, limit: usize, hash: u64, key: StoredOf<T, S>, value: T::Value)
    where
        T::Key: KeyType,
    {
        let (key, value) = (Stored { hash, part: Key(key) }, Slot::new(value));
        let warm = self.build(limit);
        let Some(mut home) = warm.guarded.hold() else { return };
        let replaced = home.table.take(&Hashed { hash, part: ByKey(&key.part.0, T::Key::same) });
        let forgotten = warm.catch_up(&mut home);
        let evicted = home.table.add(key, value);
        drop(home);
        warm.count_evicted(evicted.as_ref());
        drop((replaced, forgotten, evicted));
    }

    pub(crate) fn remove<A: Lookup<T::Key>>(&self, limit: usize, hash: u64, args: &A) -> bool {
        let warm = self.build(limit);
        let Some(mut home) = warm.guarded.hold() else {
            warm.forget_later();
            return false;
        };
        // Before the look-up, so that a panic in `Eq` does not lose it.
        let number = warm.forgettings.bump();
        if home.history.ticket() + 1 == number {
            home.history.forget(hash);
        }
        let removed = home.table.take(&Hashed { hash, part: ByArgs(args) });
        let forgotten = warm.catch_up(&mut home);
        drop(home);
        removed.is_some() && forgotten.is_none()
    }

    pub(crate) fn clear(&self) {
        let Some(warm) = self.warm.get_or_forget() else { return };
        warm.forget_later();
        warm.metrics.reset();
    }
}

impl<T: Table<S>, M: Metrics, S: Mode> Warm<T, M, S> {
    /// Applies the forgettings that were declined; what was forgotten. To be dropped after the guard.
    #[must_use]
    #[inline]
    fn catch_up(&self, home: &mut Home<T>) -> Option<T> {
        let forgettings = self.forgettings.get();
        (forgettings != home.history.ticket()).then(|| {
            home.history.forget_all_until(forgettings);
            home.table.take_all()
        })
    }

    /// Lets go of the lock; what was found under it, unless it was forgotten meanwhile.
    #[inline]
    fn release(
        &self,
        home: Guard<'_, T, S>,
        found: Option<Slot<T::Value, S>>,
    ) -> Option<Slot<T::Value, S>> {
        if self.forgettings.get() != home.history.ticket() {
            return self.release_forgotten(home, found);
        }
        drop(home);
        found
    }

    #[cold]
    fn release_forgotten(
        &self,
        mut home: Guard<'_, T, S>,
        found: Option<Slot<T::Value, S>>,
    ) -> Option<Slot<T::Value, S>> {
        let forgotten = self.catch_up(&mut home);
        drop(home);
        drop((found, forgotten));
        None
    }

    fn count_evicted(&self, evicted: Option<&Entry<T::Key, T::Value, S>>) {
        if evicted.is_some() {
            self.metrics.evict(1);
        }
    }

    /// Forgets everything: now, or when the lock is let go of by the thread that holds it.
    fn forget_later(&self) {
        self.forgettings.bump();
        if let Some(mut home) = self.guarded.hold() {
            let forgotten = self.catch_up(&mut home);
            drop(home);
            drop(forgotten);
        }
    }
}

/// Drops all that `next` yields, also when a destructor panics.
pub(crate) fn drop_each<E>(next: impl FnMut() -> Option<E>) {
    struct Rest<E, F: FnMut() -> Option<E>>(F);
    impl<E, F: FnMut() -> Option<E>> Drop for Rest<E, F> {
        fn drop(&mut self) {
            while let Some(entry) = (self.0)() {
                drop(entry);
            }
        }
    }
    let mut rest = Rest(next);
    while let Some(entry) = (rest.0)() {
        drop(entry);
    }
}

#[cfg(test)]
mod tests;
