//! At most so many results, and the least recently used one goes first: how are the rules of [`super`] kept by a table behind
//! a lock?
//!
//! The [`lru`] crate keeps the order. Nothing is preallocated: an entry costs memory when it is stored.
//!
//! - The body, and the `Hash`, `Clone` and `Drop` of keys and values, run while the lock is not held.
//! - A key's `Eq` runs inside the table's look-up, under the lock. A call back into the store finds the lock taken and is
//!   *declined* ([`Lock::hold`]): nothing is found, nothing is stored. If the key is known to be plain data, no code of the
//!   user runs under the lock: nobody is declined, and none of what follows has to be looked after.
//! - A declined `clear` or `remove` is not lost: it raises the number of forgettings, which belongs to no lock. Who holds
//!   the lock compares that number with the one that the table's history knows before it trusts what it found, and
//!   forgets everything if they differ.
//!
//! [`Lock::hold`]: super::mode::Lock::hold

mod key;
mod order;
mod slot;
mod warm;

use self::{
    order::Order,
    slot::{Copied, Counted, Slot, Snapshot},
    warm::Warm,
};
use super::{
    AnyStore, CloneStore, Good, Kept, Look, Same, Store, StoredKey, Ticket,
    lazy::Lazy,
    mode::{Mode, Owns},
};
use crate::{
    info::{CacheInfo, Metrics},
    key::{KeyPart, Lookup},
    sync::const_new,
    term::{Deadline, Endless, Term},
};

/// A bounded store with an exact order.
pub struct Lru<K: KeyPart, V, M, S: Mode, const CAPACITY: usize, T: Term = Endless> {
    warm: Lazy<Warm<K, V, M, S, T>, S>,
    _owns: Owns<(K::Stored, V), S>,
}

/// An [`Lru`] whose entries have a deadline.
pub type TimedLru<K, V, M, S, const CAPACITY: usize> = Lru<K, V, M, S, CAPACITY, Deadline>;

/// One of the tables is used: `copied` if values fit there.
struct Either<K: KeyPart, V, S: Mode, T> {
    copied: Order<K::Stored, (Copied<V>, T)>,
    counted: Order<K::Stored, (Counted<V, S>, T)>,
}

/// How values are stored: the slots of one of the tables.
trait StoredIn<K: KeyPart, V, S: Mode, T>: Slot<V> + Into<Snapshot<V, S>> {
    fn table(entries: &mut Either<K, V, S, T>) -> &mut Order<K::Stored, (Self, T)>;
}

impl<K: KeyPart, V, S: Mode, T> StoredIn<K, V, S, T> for Copied<V> {
    #[inline]
    fn table(entries: &mut Either<K, V, S, T>) -> &mut Order<K::Stored, (Self, T)> {
        &mut entries.copied
    }
}

impl<K: KeyPart, V, S: Mode, T> StoredIn<K, V, S, T> for Counted<V, S> {
    #[inline]
    fn table(entries: &mut Either<K, V, S, T>) -> &mut Order<K::Stored, (Self, T)> {
        &mut entries.counted
    }
}

/// Calls a method with the type of the slots that are used.
macro_rules! as_stored {
    ($self:ident.$method:ident($($argument:expr),*)) => {
        if Copied::<V>::fits() {
            $self.$method::<Copied<V>, _>($($argument),*)
        } else {
            $self.$method::<Counted<V, S>, _>($($argument),*)
        }
    };
}

impl<K: KeyPart, V, M, S: Mode, const CAPACITY: usize, T: Term> Lru<K, V, M, S, CAPACITY, T> {
    const_new! {
        /// A cold store.
        pub fn new() -> Self {
            const { assert!(CAPACITY > 0, "a store has room for an entry") };
            Lru { warm: Lazy::new(), _owns: Owns::NEW }
        }
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode, const CAPACITY: usize, T: Term>
    Lru<K, V, M, S, CAPACITY, T>
{
    fn build(&self) -> &Warm<K, V, M, S, T> {
        self.warm.get_or_build(|| Warm::new(CAPACITY))
    }
}

impl<K: KeyPart, V, M, S: Mode, const CAPACITY: usize, T: Term> Default
    for Lru<K, V, M, S, CAPACITY, T>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode, const CAPACITY: usize, T: Term> AnyStore
    for Lru<K, V, M, S, CAPACITY, T>
{
    fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Some(other) = other.warm.get() {
                self.build().metrics.absorb(&other.metrics);
            }
        }
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode, const CAPACITY: usize, T: Term> Store
    for Lru<K, V, M, S, CAPACITY, T>
{
    type Key = K;
    type Value = V;
    type Term = T;

    fn begin(&self, _hash: u64) -> Ticket {
        // Built before the body runs, so that a store that is cold has nothing to forget.
        let warm = self.build();
        warm.metrics.miss();
        warm.ticket()
    }

    fn count_hit(&self) {
        if M::ENABLED {
            self.build().metrics.hit();
        }
    }

    fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.warm.get().is_some_and(|warm| as_stored!(warm.peek(hash, args, |_| ())).is_some())
    }

    fn info(&self) -> CacheInfo {
        let warm = self.warm.get();
        let len = warm.map_or(0, Warm::len);
        let mut info =
            CacheInfo { len: Some(len), capacity: Some(CAPACITY), ..CacheInfo::default() };
        match warm {
            Some(warm) => warm.metrics.fill(&mut info),
            None => M::ZERO.fill(&mut info),
        }
        info
    }

    fn forget_all(&self) -> bool {
        self.clear();
        true
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode, const CAPACITY: usize, T: Term> CloneStore
    for Lru<K, V, M, S, CAPACITY, T>
{
    type Ref<'s>
        = Snapshot<V, S>
    where
        Self: 's;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "with a call more, a hit costs a quarter more")]
    fn look<A: Lookup<K>>(&self, hash: u64, args: &A) -> Look<Snapshot<V, S>> {
        let Some(warm) = self.warm.get() else { return Look::Absent };
        as_stored!(warm.look(hash, args))
    }

    #[inline]
    fn find<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<Snapshot<V, S>> {
        let warm = self.warm.get()?;
        as_stored!(warm.find(hash, args))
    }

    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        let warm = self.build();
        as_stored!(warm.keep(ticket, hash, key, good, same))
    }

    fn peek<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        let warm = self.warm.get()?;
        as_stored!(warm.peek(hash, args, V::clone))
    }

    fn insert_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) {
        let warm = self.build();
        as_stored!(warm.insert(hash, key, good, same));
    }

    fn remove<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.warm.get().is_some_and(|warm| as_stored!(warm.remove(hash, args)))
    }

    fn clear(&self) {
        let Some(warm) = self.warm.get() else { return };
        warm.forget_later();
        warm.metrics.reset();
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
