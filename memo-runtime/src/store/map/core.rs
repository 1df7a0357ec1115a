//! How do readers and writers of one map meet?
//!
//! # Invariants
//!
//! - `inner` is null, or a leaked box that is freed only through `&mut`, so `&self` may borrow it. It goes from null to
//!   the box once.
//! - `table` is null, or points to the table of the writer's space. It is stored to under the lock.
//! - A table is only looked at by a pinned thread or by the holder of the lock. If the map does not forget through `&self`
//!   (`FORGETS`), it keeps the tables too, and nobody pins.
//! - No code of the user runs under the lock. Writers compare keys without it, and then look under it whether there are
//!   entries that they have not compared ([`Core::settle`]).

use std::{
    marker::PhantomData,
    mem,
    ops::ControlFlow::{self, Break, Continue},
    panic::{RefUnwindSafe, UnwindSafe},
    ptr,
    sync::atomic::{
        AtomicPtr,
        Ordering::{AcqRel, Acquire, Release},
    },
};

use super::{
    item::{Entry, Fate},
    probe::Site,
    table::{Header, Table},
    word::tag_of,
    writer::{Inner, Writer},
};
use crate::{
    info::{CacheInfo, Metrics},
    key::KeyPart,
    reclaim::{Place, pinned},
    store::Ticket,
};

type Shared<K, V, M, const FORGETS: bool> = Inner<Entry<K, V, FORGETS>, M>;
type Slots<K, V, const FORGETS: bool> = Table<Entry<K, V, FORGETS>>;
type Locked<K, V, const FORGETS: bool> = Writer<Entry<K, V, FORGETS>>;

/// How often a writer starts over because entries of its key's tag have come meanwhile. A key's `Eq` that stores such an
/// entry each time it is asked would keep it busy for ever; then the map forgets all its entries, as it may.
const MOST_ROUNDS: u32 = 1000;

/// A map from stored keys to values: two pointers, null as long as nothing was stored.
pub(super) struct Core<K: KeyPart, V, M, const FORGETS: bool> {
    table: AtomicPtr<Header<Entry<K, V, FORGETS>>>,
    inner: AtomicPtr<Shared<K, V, M, FORGETS>>,
    entries: PhantomData<(K::Stored, V)>,
}

// SAFETY: the core owns its entries; all else that is reached through the pointer may be sent.
unsafe impl<K: KeyPart<Stored: Send>, V: Send, M: Send, const FORGETS: bool> Send
    for Core<K, V, M, FORGETS>
{
}
// SAFETY: `&Core` lends entries (`Sync`), and takes them in and drops those of other threads (`Send`). All else is
// atomic or locked.
unsafe impl<K: KeyPart<Stored: Send + Sync>, V: Send + Sync, M: Send + Sync, const FORGETS: bool>
    Sync for Core<K, V, M, FORGETS>
{
}
impl<K: KeyPart, V, M, const FORGETS: bool> Unpin for Core<K, V, M, FORGETS> {}
// What a panic can leave behind is an entry less, never half an entry.
impl<K: KeyPart<Stored: UnwindSafe>, V: UnwindSafe, M, const FORGETS: bool> UnwindSafe
    for Core<K, V, M, FORGETS>
{
}
impl<K: KeyPart<Stored: RefUnwindSafe>, V: RefUnwindSafe, M, const FORGETS: bool> RefUnwindSafe
    for Core<K, V, M, FORGETS>
{
}

impl<K: KeyPart, V, M: Metrics, const FORGETS: bool> Core<K, V, M, FORGETS> {
    pub(super) const fn new() -> Self {
        Self {
            table: AtomicPtr::new(ptr::null_mut()),
            inner: AtomicPtr::new(ptr::null_mut()),
            entries: PhantomData,
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
            // SAFETY: the thread is pinned as long as the entry is borrowed.
            let entry = unsafe { self.find(hash, sought, same) }?;
            Some(found(&entry.value))
        })
    }

    /// The entry whose key is the `sought` one.
    ///
    /// # Safety
    ///
    /// The thread is protected as long as the entry is borrowed.
    #[inline]
    pub(super) unsafe fn find<T>(
        &self,
        hash: u64,
        sought: &T,
        mut same: impl FnMut(&T, &K::Stored) -> bool,
    ) -> Option<&Entry<K, V, FORGETS>> {
        let table = Table::from_raw(self.table.load(Acquire))?;
        // SAFETY: neither the table nor the entry is freed before we are through: the caller's promise.
        unsafe { table.find(tag_of(hash), |entry| same(sought, &entry.key))?.as_ref() }
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
        if FORGETS { pinned(self, read) } else { read() }
    }

    /// What writers share, if there ever was a need for it.
    #[inline]
    pub(super) fn inner(&self) -> Option<&Shared<K, V, M, FORGETS>> {
        // SAFETY: null or a box that is freed only through `&mut self`.
        unsafe { self.inner.load(Acquire).as_ref() }
    }

    #[inline]
    pub(super) fn inner_or_new(&self) -> &Shared<K, V, M, FORGETS> {
        self.inner().unwrap_or_else(|| self.new_inner())
    }

    #[cold]
    fn new_inner(&self) -> &Shared<K, V, M, FORGETS> {
        let new = Box::into_raw(Box::new(Inner::new(M::ZERO)));
        match self.inner.compare_exchange(ptr::null_mut(), new, AcqRel, Acquire) {
            // SAFETY: it is freed only through `&mut self`.
            Ok(_) => unsafe { &*new },
            Err(first) => {
                // SAFETY: `new` was not published.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as above.
                unsafe { &*first }
            }
        }
    }

    /// Lets readers see a table.
    fn publish(&self) -> impl FnOnce(Slots<K, V, FORGETS>) {
        |table| self.table.store(table.as_raw(), Release)
    }

    pub(super) fn begin(&self) -> Ticket {
        if M::ENABLED {
            let inner = self.inner_or_new();
            inner.metrics.miss();
            inner.ticket()
        } else {
            self.inner().map_or(Ticket(0), Inner::ticket)
        }
    }

    /// Adds an entry unless its key is there, or was forgotten since `ticket`. `present` may be any code.
    pub(super) fn keep<R>(
        &self,
        ticket: Option<Ticket>,
        hash: u64,
        key: K::Stored,
        value: V,
        same: impl Fn(&K::Stored, &K::Stored) -> bool,
        present: impl Fn(&V) -> R,
    ) -> Fate<V, R> {
        let inner = self.inner_or_new();
        let (outcome, _refused) = self.settle(
            inner,
            hash,
            Entry { key, value },
            |entry, other| {
                if same(&other.key, &entry.key) {
                    return Break((Fate::Present(present(&other.value)), None));
                }
                Continue(false)
            },
            |entry, writer, site| {
                let Site::Vacant(vacancy) = site else { return (Fate::Declined, Some(entry)) };
                if ticket.is_some_and(|Ticket(ticket)| !writer.history.allows(ticket, hash)) {
                    return (Fate::Declined, Some(entry));
                }
                match writer.add(vacancy, hash, entry, self.publish()) {
                    // SAFETY: the pointer is that of a live entry, which goes only with the lock.
                    Ok(entry) => (Fate::Stored(unsafe { &raw const (*entry).value }), None),
                    Err(entry) => (Fate::Declined, Some(entry)),
                }
            },
        );
        outcome
    }

    /// Adds an entry, or replaces the one whose key is the same.
    pub(super) fn insert(
        &self,
        hash: u64,
        key: K::Stored,
        value: V,
        same: impl Fn(&K::Stored, &K::Stored) -> bool,
    ) {
        let inner = self.inner_or_new();
        let refused = self.settle(
            inner,
            hash,
            Entry { key, value },
            |entry, other| Continue(same(&other.key, &entry.key)),
            |entry, writer, site| match site {
                Site::Taken(position) => writer.replace(position, entry, self.publish()).err(),
                Site::Vacant(vacancy) => writer.add(vacancy, hash, entry, self.publish()).err(),
            },
        );
        drop(refused);
    }

    /// Forgets an entry, also for computations under way; whether it was there.
    pub(super) fn remove(&self, hash: u64, mut same: impl FnMut(&K::Stored) -> bool) -> bool {
        let inner = self.inner_or_new();
        self.settle(
            inner,
            hash,
            (),
            |(), other| Continue(same(&other.key)),
            |(), writer, site| {
                inner.note_removal(writer, hash);
                let Site::Taken(position) = site else { return false };
                writer.space.take_out(position);
                true
            },
        )
    }

    /// Runs `act` with the lock and the site of the entry that `same` accepts; or gives what `same` breaks with. Nothing
    /// of the user may be dropped by `act`: it returns what it has no use for.
    fn settle<T, R>(
        &self,
        inner: &Shared<K, V, M, FORGETS>,
        hash: u64,
        sought: T,
        same: impl FnMut(&T, &Entry<K, V, FORGETS>) -> ControlFlow<R, bool>,
        act: impl FnOnce(T, &mut Locked<K, V, FORGETS>, Site) -> R,
    ) -> R {
        let place = Place::of(self);
        // Dropped after the lock is released, which ends with the block.
        let _bin;
        {
            let mut writer = inner.lock();
            let vacancy = writer.space.vacancy(tag_of(hash));
            if !vacancy.is_some_and(|vacancy| vacancy.tagged) {
                let result = act(sought, &mut writer, Site::Vacant(vacancy));
                _bin = writer.collect(place);
                return result;
            }
        }
        let result = self.protected(|| {
            match Self::settle_among_equal_tags(inner, hash, sought, same, act) {
                Ok(result) => result,
                Err((sought, act)) => {
                    let mut writer = inner.lock();
                    if FORGETS {
                        inner.note_clearing(&mut writer);
                        writer.take_out_all(|| self.table.store(ptr::null_mut(), Release));
                    }
                    let vacancy = writer.space.vacancy(tag_of(hash));
                    act(sought, &mut writer, Site::Vacant(vacancy))
                }
            }
        });
        // Our own pin would have been in the way before.
        _bin = inner.lock().collect(place);
        result
    }

    /// [`Core::settle`] if there are entries with the key's tag: compares them without the lock, until the lock shows none
    /// that was not compared. The thread must be pinned all the time, so that a pointer means one and the same entry. An entry that is copied
    /// to a bigger table meanwhile is compared again. Gives up after [`MOST_ROUNDS`].
    #[cold]
    fn settle_among_equal_tags<T, R, A>(
        inner: &Shared<K, V, M, FORGETS>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, FORGETS>) -> ControlFlow<R, bool>,
        act: A,
    ) -> Result<R, (T, A)>
    where
        A: FnOnce(T, &mut Locked<K, V, FORGETS>, Site) -> R,
    {
        let mut different: Vec<*mut Entry<K, V, FORGETS>> = Vec::new();
        let mut equal = None;
        for _ in 0..MOST_ROUNDS {
            let mut fresh = Vec::new();
            {
                let mut writer = inner.lock();
                let mut position = None;
                writer.space.for_each_tagged(tag_of(hash), |found| {
                    if equal == Some(found.entry) {
                        position = Some(found.position);
                    } else if different.binary_search(&found.entry).is_err() {
                        fresh.push(found.entry);
                    }
                });
                if let Some(position) = position {
                    return Ok(act(sought, &mut writer, Site::Taken(position)));
                }
                if fresh.is_empty() {
                    let vacancy = writer.space.vacancy(tag_of(hash));
                    return Ok(act(sought, &mut writer, Site::Vacant(vacancy)));
                }
            }
            equal = None;
            for entry in fresh {
                // SAFETY: a slot had the entry when the thread was pinned already, so it is not freed.
                match same(&sought, unsafe { &*entry }) {
                    Break(result) => return Ok(result),
                    Continue(true) => {
                        equal = Some(entry);
                        break;
                    }
                    Continue(false) => different.push(entry),
                }
            }
            different.sort_unstable();
        }
        Err((sought, act))
    }

    /// Forgets all entries, also for computations under way, and the counts.
    pub(super) fn clear(&self) {
        let inner = self.inner_or_new();
        // Dropped after the lock is released.
        let _bin;
        let mut writer = inner.lock();
        inner.note_clearing(&mut writer);
        inner.metrics.reset();
        writer.take_out_all(|| self.table.store(ptr::null_mut(), Release));
        _bin = writer.collect(Place::of(self));
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.inner().map_or(0, |inner| inner.lock().space.len())
    }

    pub(super) fn info(&self) -> CacheInfo {
        let mut info = CacheInfo { len: self.len(), ..CacheInfo::default() };
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

impl<K: KeyPart, V, M, const FORGETS: bool> Core<K, V, M, FORGETS> {
    /// Drops and frees everything.
    pub(super) fn empty(&mut self) {
        *self.table.get_mut() = ptr::null_mut();
        let inner = mem::replace(self.inner.get_mut(), ptr::null_mut());
        if !inner.is_null() {
            // SAFETY: it is the box that was leaked, and `&mut self` says that nobody borrows it.
            drop(unsafe { Box::from_raw(inner) });
        }
    }
}

impl<K: KeyPart, V, M, const FORGETS: bool> Drop for Core<K, V, M, FORGETS> {
    fn drop(&mut self) {
        self.empty();
    }
}
