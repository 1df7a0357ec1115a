//! How do readers and writers of one map meet?
//!
//! # Invariants
//!
//! - `table` is null, or the address of the table of the writer's space. It is stored to under the lock.
//! - A table and its entries are freed when no reader is left that was *protected* when it could find them: pinned; or anybody who
//!   borrows the map, if readers need no protection ([`Item::is_pinned`]).
//! - No code of the user runs under the lock. Writers compare keys without it, and then look under it whether there are
//!   entries that they have not compared ([`Core::settle`]). Keys of entries that lie in the table are plain data.

mod keep;
mod settle;

use std::{
    ptr,
    sync::atomic::Ordering::{Acquire, Release},
};

use super::{
    item::{Entry, Item, Lends, Policy},
    table::{Found, Header, Vacancy, View},
    writer::{Garbage, Inner},
};
use crate::{
    info::{CacheInfo, Metrics},
    key::KeyPart,
    reclaim::{Host, Limbo, Pin, Seen, pin, pinned, quick_pin},
    store::{
        Look, Same, Ticket,
        lazy::Lazy,
        mode::{Mode, Owns, Undecided},
    },
    sync::{AtomicPtr, const_new},
    term::Endless,
};

type Shared<K, V, M, P, S> = Inner<Entry<K, V, P, S>, M, S>;
type Root<K, V, P, S> = AtomicPtr<Header<Entry<K, V, P, S>>>;

/// A map from stored keys to values: two pointers, null as long as nothing was stored.
pub struct Core<K: KeyPart, V, M, P: Policy, S: Mode> {
    table: Undecided<Root<K, V, P, S>>,
    pub(super) inner: Lazy<Shared<K, V, M, P, S>, S>,
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
type Site = Result<u32, Option<Vacancy>>;

/// Says that the thread is protected for `'p`.
struct Protected<'p, K: KeyPart, V, M, P: Policy, S: Mode>(&'p Core<K, V, M, P, S>);

impl<'p, K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Protected<'p, K, V, M, P, S> {
    /// The table, if there is one.
    #[inline]
    fn view(&self) -> Option<View<'p, Entry<K, V, P, S>>> {
        // SAFETY: the table is found while the thread is protected, and so are its entries.
        unsafe { self.0.view() }
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Host for Core<K, V, M, P, S> {
    type Garbage = Garbage<Entry<K, V, P, S>>;
    const SHARED: bool = S::SHARED;

    #[inline]
    fn is_leaf() -> bool {
        // Then `Eq` and `Clone` are not the user's.
        Entry::<K, V, P, S>::inline()
    }

    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Self::Garbage>) -> R) -> Option<R> {
        self.inner.get().map(|inner| look(&mut inner.lock().limbo))
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Core<K, V, M, P, S> {
    const_new! {
        pub(super) fn new() -> Self {
            Self {
                table: Undecided(AtomicPtr::new(ptr::null_mut())),
                inner: Lazy::new(),
                _owns: Owns::NEW,
            }
        }
    }

    /// What `found` makes of the value whose key is the `sought` one. Both may be any code.
    pub(super) fn read<T, R>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        self.protected(|protected| {
            let found = protected.view()?.find(hash, |entry| same(sought, &entry.key))?;
            good(found).map(|found| read(&found.entry.value))
        })
    }

    /// The value whose key is the `sought` one, as a call: counts, and notes the visit.
    pub(super) fn hit<T>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Option<Seen<'_, V, Self>> {
        let pin = Entry::<K, V, P, S>::is_pinned().then(|| pin(self));
        // SAFETY: the thread is protected until the pin ends, which goes with what was found.
        unsafe {
            let found = self.view()?.find(hash, |entry| same(sought, &entry.key))?;
            Some(self.seen(&good(found)?, pin))
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
        // SAFETY: the thread is protected until the pin ends, which goes with what is found.
        unsafe {
            let Some(view) = self.view() else { return Look::Absent };
            match view.look(hash, |entry| same(sought, &entry.key)) {
                Look::Found(found) => match good(found) {
                    Some(found) => Look::Found(self.seen(&found, pin.map(Pin::Own))),
                    None => Look::Absent,
                },
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
    }

    /// What a hit has found: counts, and notes the visit.
    ///
    /// # Safety
    ///
    /// The entry stays until the pin ends; without one, as long as the map is borrowed.
    #[inline]
    unsafe fn seen<'s>(
        &'s self,
        found: &Found<'_, Entry<K, V, P, S>>,
        pin: Option<Pin<'s, Self>>,
    ) -> Seen<'s, V, Self> {
        found.visit();
        self.count_hit();
        // SAFETY: the caller's promise.
        unsafe { Seen::new(&raw const found.entry.value, pin) }
    }

    /// The table, if there is one.
    ///
    /// # Safety
    ///
    /// The thread is protected for `'t`.
    #[inline]
    unsafe fn view<'t>(&self) -> Option<View<'t, Entry<K, V, P, S>>> {
        // SAFETY: null, or the address of a table that is not freed while the thread is protected, nor are its entries.
        unsafe { View::from_raw(self.table.load(Acquire)) }
    }

    /// Counts a hit, if hits are counted.
    #[inline]
    pub(super) fn count_hit(&self) {
        if M::ENABLED {
            if let Some(inner) = self.inner.get() {
                inner.metrics.hit();
            }
        }
    }

    /// Runs `read` while no table and no entry is freed that it finds.
    #[inline]
    fn protected<R>(&self, read: impl for<'p> FnOnce(Protected<'p, K, V, M, P, S>) -> R) -> R {
        let read = || read(Protected(self));
        if Entry::<K, V, P, S>::is_pinned() { pinned(self, read) } else { read() }
    }

    /// What writers share.
    #[inline]
    fn inner_or_new(&self) -> &Shared<K, V, M, P, S> {
        self.inner.get_or_build(|| Inner::new(M::ZERO))
    }

    /// Lets readers see a table.
    fn publish(&self) -> impl FnOnce(*mut Header<Entry<K, V, P, S>>) {
        |table| self.table.store(table, Release)
    }

    #[inline]
    pub(super) fn begin(&self) -> Ticket {
        if M::ENABLED {
            let inner = self.inner_or_new();
            inner.metrics.miss();
            inner.ticket()
        } else {
            // Nothing is built here, so that no call stands in the way of a hit.
            self.inner.get().map_or(Ticket(0), Inner::ticket)
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
        self.inner.get().map_or(0, |inner| inner.lock().space.len())
    }

    pub(super) fn info(&self) -> CacheInfo {
        let capacity = (P::LIMIT < usize::MAX).then_some(P::LIMIT);
        let mut info = CacheInfo { len: Some(self.len()), capacity, ..CacheInfo::default() };
        match self.inner.get() {
            Some(inner) => inner.metrics.fill(&mut info),
            None => M::ZERO.fill(&mut info),
        }
        info
    }

    /// Adds the counts of another map, if there are counts.
    pub(super) fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Some(other) = other.inner.get() {
                self.inner_or_new().metrics.absorb(&other.metrics);
            }
        }
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode> Core<K, V, M, Lends, S> {
    /// The value whose key is the `sought` one. Nothing is forgotten through `&self`, and entries lie apart, where they stay.
    #[inline]
    pub(super) fn lend<T>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Option<&V> {
        // SAFETY: nobody needs protection while the map is borrowed.
        let view = unsafe { self.view() }?;
        view.find(hash, |entry| same(sought, &entry.key)).map(|found| &found.entry.value)
    }

    /// [`Core::keep`], and what is there then.
    pub(super) fn keep_and_lend(
        &self,
        hash: u64,
        key: K::Stored,
        good: (V, Endless),
        same: impl Same<K::Stored>,
    ) -> Option<&V> {
        match self.keep(None, hash, key, good, same, ptr::from_ref) {
            // SAFETY: as in `lend`.
            Fate::Stored(value) | Fate::Present(value) => Some(unsafe { &*value }),
            Fate::Declined | Fate::Renewed => None,
        }
    }
}

/// An entry that is not over.
#[inline]
fn good<E: Item>(found: Found<'_, E>) -> Option<Found<'_, E>> {
    if found.entry.is_over() { None } else { Some(found) }
}
