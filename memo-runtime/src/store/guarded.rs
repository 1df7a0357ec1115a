//! How are the rules of [`super`] kept by a table behind a lock?
//!
//! - The body, and the `Hash`, `Clone` and `Drop` of keys and values, run while the lock is not held.
//! - A key's `Eq` runs inside the table's look-up, under the lock. A call back into the store finds the lock taken and is
//!   *declined* ([`Lock::hold`]): nothing is found, nothing is stored. If the key is known to be plain data, no code of the
//!   user runs under the lock: nobody is declined, and none of what follows has to be looked after.
//! - A declined `clear` or `remove` is not lost: it raises the number of forgettings, which belongs to no lock. Who holds
//!   the lock compares that number with the one that the table's history knows before it trusts what it found, and
//!   forgets everything if they differ.

mod delegate;
pub(crate) mod lazy;
pub(crate) mod mode;
mod slot;
pub(crate) mod table;
mod warm;

pub(crate) use delegate::delegate;

use self::{
    lazy::Lazy,
    mode::{Count, Lock, Mode, Threads},
    slot::{Copied, Counted, Slot},
    table::{Table, Tables},
};
use super::{Kept, Same, Ticket, history::History};
use crate::{
    info::{CacheInfo, Metrics},
    key::{KeyPart, KeyType, Lookup},
    outcome::Outcome,
};
use std::panic::{RefUnwindSafe, UnwindSafe};

/// A table behind a lock, built when it is first needed.
pub(crate) struct Guarded<T: Tables, M, S: Mode> {
    warm: Lazy<Warm<T, M, S>, S>,
}

/// What a store is once it has been used.
struct Warm<T: Tables, M, S: Mode> {
    /// How often something was forgotten. What is not in the history, too, was asked for by somebody who was declined.
    forgettings: S::Count,
    guarded: S::Lock<Home<T, S>>,
    metrics: M,
}

/// What the lock guards.
struct Home<T: Tables, S: Mode> {
    entries: Either<T, S>,
    history: History,
}

/// One of the tables is used: `copied` if values fit there.
struct Either<T: Tables, S: Mode> {
    copied: T::Table<Copied<T::Value>>,
    counted: T::Table<Counted<T::Value, S>>,
}

/// How values are stored: the slots of one of the tables.
trait StoredIn<T: Tables, S: Mode>: Slot<T::Value> + Sized {
    fn table(entries: &mut Either<T, S>) -> &mut T::Table<Self>;
}

impl<T: Tables, S: Mode> StoredIn<T, S> for Copied<T::Value> {
    #[inline]
    fn table(entries: &mut Either<T, S>) -> &mut T::Table<Self> {
        &mut entries.copied
    }
}

impl<T: Tables, S: Mode> StoredIn<T, S> for Counted<T::Value, S> {
    #[inline]
    fn table(entries: &mut Either<T, S>) -> &mut T::Table<Self> {
        &mut entries.counted
    }
}

/// Calls a method with the type of the slots that are used.
macro_rules! as_stored {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        if Copied::<T::Value>::fits() {
            $self.$method::<Copied<T::Value>, _>($($argument),*)
        } else {
            $self.$method::<Counted<T::Value, S>, _>($($argument),*)
        }
    };
}

type StoredOf<T> = <<T as Tables>::Key as KeyPart>::Stored;
type Guard<'a, T, S> = <<S as Mode>::Lock<Home<T, S>> as Lock<Home<T, S>>>::Guard<'a>;

// SAFETY: Keys and values go where the store goes. A shared pointer to a value (`Counted`) leaves the table only for the
// time of a call that borrows the store, so that none stays behind.
unsafe impl<T: Tables, M: Send, S: Mode> Send for Guarded<T, M, S>
where
    StoredOf<T>: Send,
    T::Value: Send,
{
}
// SAFETY: With `Threads`, the root pointer is atomic, the number of forgettings is atomic, the table is behind a `Mutex`,
// and shared pointers to values are `Arc`s. Threads drop each other's keys and values (`Send`), and read them (`Sync`).
unsafe impl<T: Tables, M: Send + Sync> Sync for Guarded<T, M, Threads>
where
    StoredOf<T>: Send + Sync,
    T::Value: Send + Sync,
{
}
// A panic in a key's or a value's code leaves the store itself in order.
impl<T: Tables, M, S: Mode> UnwindSafe for Guarded<T, M, S>
where
    StoredOf<T>: UnwindSafe,
    T::Value: UnwindSafe,
{
}
impl<T: Tables, M, S: Mode> RefUnwindSafe for Guarded<T, M, S>
where
    StoredOf<T>: RefUnwindSafe,
    T::Value: RefUnwindSafe,
{
}

impl<T: Tables, M, S: Mode> Guarded<T, M, S> {
    pub(crate) const fn new() -> Self {
        Guarded { warm: Lazy::new() }
    }
}

// `limit` is the number of entries that the table may hold; it is the same in all calls.
impl<T: Tables, M: Metrics, S: Mode> Guarded<T, M, S> {
    fn build(&self, limit: usize) -> &Warm<T, M, S> {
        self.warm.get_or_build(|forgettings| Warm {
            forgettings: S::Count::new(forgettings),
            guarded: S::Lock::new(Home {
                entries: Either { copied: Table::new(limit), counted: Table::new(limit) },
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
        let Some(mut home) = warm.hold() else { return 0 };
        let forgotten = warm.catch_up(&mut home);
        let len = home.entries.copied.len() + home.entries.counted.len();
        drop(home);
        drop(forgotten);
        len
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
        as_stored!(warm.hit(hash, args))
    }

    /// The result of a call that hits. What is cloned is written to where this returns it.
    #[inline]
    pub(crate) fn hit_or<A: Lookup<T::Key>, O, R>(
        &self,
        hash: u64,
        args: A,
        miss: impl FnOnce(u64, A) -> R,
    ) -> R
    where
        T::Value: Clone,
        O: Outcome<R, Value = T::Value>,
    {
        let Ok(warm) = self.warm.get() else { return miss(hash, args) };
        if Copied::<T::Value>::fits() {
            if let Some(slot) = warm.find::<Copied<T::Value>, _>(hash, &args) {
                return O::join(Ok(slot.get().clone()));
            }
        } else if let Some(slot) = warm.find::<Counted<T::Value, S>, _>(hash, &args) {
            return O::join(Ok(slot.get().clone()));
        }
        miss(hash, args)
    }

    pub(crate) fn contains<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> bool {
        self.warm.get().is_ok_and(|warm| as_stored!(warm.peek(hash, args, |_| ())).is_some())
    }

    pub(crate) fn peek<A: Lookup<T::Key>>(&self, hash: u64, args: &A) -> Option<T::Value>
    where
        T::Value: Clone,
    {
        let warm = self.warm.get().ok()?;
        as_stored!(warm.peek(hash, args, T::Value::clone))
    }

    pub(crate) fn keep(
        &self,
        limit: usize,
        ticket: Ticket,
        hash: u64,
        key: StoredOf<T>,
        value: T::Value,
        same: impl Same<StoredOf<T>>,
    ) -> Kept<T::Value>
    where
        T::Value: Clone,
    {
        let warm = self.build(limit);
        as_stored!(warm.keep(ticket, hash, key, value, same))
    }

    pub(crate) fn insert(&self, limit: usize, hash: u64, key: StoredOf<T>, value: T::Value)
    where
        T::Key: KeyType,
    {
        let warm = self.build(limit);
        as_stored!(warm.insert(hash, key, value, T::Key::same));
    }

    pub(crate) fn remove<A: Lookup<T::Key>>(&self, limit: usize, hash: u64, args: &A) -> bool {
        let warm = self.build(limit);
        as_stored!(warm.remove(hash, args))
    }

    pub(crate) fn clear(&self) {
        let Some(warm) = self.warm.get_or_forget() else { return };
        warm.forget_later();
        warm.metrics.reset();
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
