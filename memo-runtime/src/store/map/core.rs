//! How do readers and writers of one map meet?
//!
//! # Invariants
//!
//! - `inner` is null, or a leaked box that is freed only through `&mut`, so `&self` may borrow it. It goes from null to
//!   the box once.
//! - `table` is null, or points to the table of the writer's space. It is stored to under the lock.
//! - A table is only looked at by a pinned thread or by the holder of the lock; or by anybody, if readers need no protection
//!   ([`Item::is_pinned`]).
//! - No code of the user runs under the lock. Writers compare keys without it, and then look under it whether there are
//!   entries that they have not compared ([`Core::settle`]). Keys of entries that lie in the table are plain data.

mod keep;
mod settle;

use std::{
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{
    item::{Entry, Item, Policy},
    table::{Found, Header, Table, Vacancy},
    writer::{Garbage, Inner},
};
use crate::{
    info::{CacheInfo, Metrics},
    key::KeyPart,
    reclaim::{Host, Limbo, Pin, Seen, pin, pinned, quick_pin},
    store::{
        Look, Ticket,
        mode::{Mode, Owns, Undecided},
    },
    sync::{AtomicPtr, const_new},
};

type Shared<K, V, M, P, S> = Inner<Entry<K, V, P, S>, M, S>;
type Shares<K, V, M, P, S> = AtomicPtr<Shared<K, V, M, P, S>>;
type Root<K, V, P, S> = AtomicPtr<Header<Entry<K, V, P, S>>>;

/// A map from stored keys to values: two pointers, null as long as nothing was stored.
pub struct Core<K: KeyPart, V, M, P: Policy, S: Mode> {
    table: Undecided<Root<K, V, P, S>>,
    inner: Undecided<Shares<K, V, M, P, S>>,
    _owns: Owns<(K::Stored, V), S>,
}

/// What became of an entry.
pub(super) enum Fate<V, R> {
    /// The value is in the map, here.
    Stored(*const V),
    /// It is, in the place of one that was over.
    Renewed,
    Declined,
    /// The key was there; what was asked of its value.
    Present(R),
}

/// Where the entry with a key is, or would go: nowhere without a table.
type Site<E> = Result<Found<E>, Option<Vacancy>>;

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Host for Core<K, V, M, P, S> {
    type Garbage = Garbage<Entry<K, V, P, S>>;
    const SHARED: bool = S::SHARED;

    #[inline]
    fn is_leaf() -> bool {
        // Then `Eq` and `Clone` are not the user's.
        Entry::<K, V, P, S>::inline()
    }

    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Self::Garbage>) -> R) -> Option<R> {
        self.inner().map(|inner| look(&mut inner.lock().limbo))
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Core<K, V, M, P, S> {
    const_new! {
        pub(super) fn new() -> Self {
            Self {
                table: Undecided(AtomicPtr::new(ptr::null_mut())),
                inner: Undecided(AtomicPtr::new(ptr::null_mut())),
                _owns: Owns::NEW,
            }
        }
    }

    /// What `found` makes of the value whose key is the `sought` one. Both may be any code.
    pub(super) fn read<T, R>(
        &self,
        hash: u64,
        sought: &T,
        same: impl FnMut(&T, &K::Stored) -> bool,
        found: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        self.protected(|| {
            // SAFETY: the thread is protected as long as the entry is borrowed.
            let (_, _, value) = unsafe { self.find(hash, sought, same) }?;
            Some(found(value))
        })
    }

    /// The value whose key is the `sought` one, as a call: counts, and notes the visit.
    pub(super) fn hit<T>(
        &self,
        hash: u64,
        sought: &T,
        same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Option<Seen<'_, V, Self>> {
        let pin = Entry::<K, V, P, S>::is_pinned().then(|| pin(self));
        // SAFETY: the thread is protected until the pin ends.
        let (table, position, value) = unsafe { self.find(hash, sought, same) }?;
        // SAFETY: as above.
        unsafe {
            table.visit(position);
            self.count_hit();
            Some(Seen::new(value, pin))
        }
    }

    /// A first look, as a call.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "with a call more, a hit costs a quarter more")]
    pub(super) fn look<T>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Look<Seen<'_, V, Self>> {
        let pin = if Entry::<K, V, P, S>::is_pinned() {
            let Some(pin) = quick_pin(self) else { return Look::Unsure };
            Some(pin)
        } else {
            None
        };
        let Some(table) = Table::from_raw(self.table.load(Acquire)) else { return Look::Absent };
        // SAFETY: the thread is protected until the pin ends.
        match unsafe { table.look(hash, |entry| same(sought, &entry.key)) } {
            // SAFETY: as above.
            Look::Found(found) if unsafe { (*found.entry).is_over() } => Look::Absent,
            Look::Found(Found { position, entry }) => {
                // SAFETY: as above.
                unsafe {
                    table.visit(position);
                    self.count_hit();
                    Look::Found(Seen::new(&raw const (*entry).value, pin.map(Pin::Own)))
                }
            }
            // Each way ends the pin by itself: where they met before that, a hit would have to say that it is one.
            Look::Absent => {
                drop(pin);
                Look::Absent
            }
            Look::Unsure => {
                drop(pin);
                Look::Unsure
            }
        }
    }

    /// The value whose key is the `sought` one, and where it is.
    ///
    /// # Safety
    ///
    /// The thread is protected as long as the value is borrowed.
    #[inline]
    #[allow(clippy::type_complexity, reason = "taken apart at once")]
    pub(super) unsafe fn find<T>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Option<(Table<Entry<K, V, P, S>>, u32, &V)> {
        let table = Table::from_raw(self.table.load(Acquire))?;
        // SAFETY: neither the table nor the entry is freed before we are through: the caller's promise.
        unsafe {
            let Found { position, entry } = table.find(hash, |entry| same(sought, &entry.key))?;
            if (*entry).is_over() { None } else { Some((table, position, &(*entry).value)) }
        }
    }

    /// Counts a hit, if hits are counted.
    #[inline]
    pub(super) fn count_hit(&self) {
        if M::ENABLED {
            if let Some(inner) = self.inner() {
                inner.metrics.hit();
            }
        }
    }

    /// Runs `read` while no table and no entry is freed that it finds.
    #[inline]
    fn protected<R>(&self, read: impl FnOnce() -> R) -> R {
        if Entry::<K, V, P, S>::is_pinned() { pinned(self, read) } else { read() }
    }

    /// What writers share, if there ever was a need for it.
    #[inline]
    pub(super) fn inner(&self) -> Option<&Shared<K, V, M, P, S>> {
        // SAFETY: null or a box that is freed only through `&mut self`.
        unsafe { self.inner.load(Acquire).as_ref() }
    }

    #[inline]
    fn inner_or_new(&self) -> &Shared<K, V, M, P, S> {
        self.inner().unwrap_or_else(|| self.new_inner())
    }

    #[cold]
    fn new_inner(&self) -> &Shared<K, V, M, P, S> {
        let new = Box::into_raw(Box::new(Inner::new(M::ZERO)));
        match S::swap_if(&self.inner, ptr::null_mut(), new) {
            // SAFETY: it is freed only through `&mut self`.
            Ok(()) => unsafe { &*new },
            Err(first) => {
                // SAFETY: `new` was not published.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as above.
                unsafe { &*first }
            }
        }
    }

    /// Lets readers see a table.
    fn publish(&self) -> impl FnOnce(Table<Entry<K, V, P, S>>) {
        |table| self.table.store(table.as_raw(), Release)
    }

    #[inline]
    pub(super) fn begin(&self) -> Ticket {
        if M::ENABLED {
            let inner = self.inner_or_new();
            inner.metrics.miss();
            inner.ticket()
        } else {
            self.inner().map_or(Ticket(0), Inner::ticket)
        }
    }

    /// Forgets all entries, also for computations under way, and the counts.
    pub(super) fn clear(&self) {
        let inner = self.inner_or_new();
        let mut writer = inner.lock();
        inner.note_clearing(&mut writer);
        inner.metrics.reset();
        writer.take_out_all(|| self.table.store(ptr::null_mut(), Release));
        self.finish(writer, ());
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.inner().map_or(0, |inner| inner.lock().space.len())
    }

    pub(super) fn info(&self) -> CacheInfo {
        let capacity = (P::LIMIT < usize::MAX).then_some(P::LIMIT);
        let mut info = CacheInfo { len: Some(self.len()), capacity, ..CacheInfo::default() };
        match self.inner() {
            Some(inner) => inner.metrics.fill(&mut info),
            None => M::ZERO.fill(&mut info),
        }
        info
    }

    /// Adds the counts of another map, if there are counts.
    pub(super) fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Some(other) = other.inner() {
                self.inner_or_new().metrics.absorb(&other.metrics);
            }
        }
    }
}

impl<K: KeyPart, V, M, P: Policy, S: Mode> Core<K, V, M, P, S> {
    /// Drops and frees everything.
    pub(super) fn empty(&mut self) {
        self.table.store(ptr::null_mut(), Relaxed);
        let inner = self.inner.load(Relaxed);
        self.inner.store(ptr::null_mut(), Relaxed);
        if !inner.is_null() {
            // SAFETY: it is the box that was leaked, and `&mut self` says that nobody borrows it.
            drop(unsafe { Box::from_raw(inner) });
        }
    }
}

impl<K: KeyPart, V, M, P: Policy, S: Mode> Drop for Core<K, V, M, P, S> {
    fn drop(&mut self) {
        self.empty();
    }
}
