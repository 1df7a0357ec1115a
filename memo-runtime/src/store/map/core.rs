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

use std::{
    ops::{
        ControlFlow::{self, Break, Continue},
        DerefMut,
    },
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{
    item::{Entry, Item, Policy},
    table::{Found, Header, Table, Vacancy},
    writer::{Garbage, Inner, Writer},
};
use crate::{
    info::{CacheInfo, Metrics},
    key::KeyPart,
    reclaim::{Host, Limbo, Seen, collect, pin, pinned, quick_pin},
    store::{
        Look, Same, Ticket,
        mode::{Mode, Owns, Undecided},
    },
    sync::{AtomicPtr, const_new},
    term::Term,
};

type Shared<K, V, M, P, S> = Inner<Entry<K, V, P, S>, M, S>;
type Shares<K, V, M, P, S> = AtomicPtr<Shared<K, V, M, P, S>>;
type Root<K, V, P, S> = AtomicPtr<Header<Entry<K, V, P, S>>>;

/// How often a writer starts over because entries of its key's hash have come meanwhile. A key's `Eq` that stores such an
/// entry each time it is asked would keep it busy for ever; then the map forgets all its entries, as it may.
const MOST_ROUNDS: u32 = 1000;

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
                    Look::Found(Seen::new(&raw const (*entry).value, pin))
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

    /// Adds an entry unless its key is there, or was forgotten since `ticket`. `present` may be any code. One that is over
    /// gives its place.
    #[inline]
    pub(super) fn keep<R>(
        &self,
        ticket: Option<Ticket>,
        hash: u64,
        key: K::Stored,
        (value, term): (V, P::Term),
        same: impl Same<K::Stored>,
        present: impl Fn(&V) -> R,
    ) -> Fate<V, R> {
        let inner = self.inner_or_new();
        if !Entry::<K, V, P, S>::inline() {
            let entry = Entry::new(key, value, term);
            return self.keep_apart(inner, ticket, hash, entry, same, present);
        }
        let mut writer = inner.lock();
        match writer.space.seek(hash, |entry| same.same(&entry.key, &key)) {
            // SAFETY: the lock is held, and such entries are plain data; here and below.
            Ok(found) if unsafe { (*found.entry).is_over() } => {
                let entry = Entry::new(key, value, term);
                match self.renew(&mut writer, ticket, &found, hash, entry, same) {
                    Ok(()) => self.finish(writer, Fate::Renewed),
                    Err(_) => Fate::Declined,
                }
            }
            // SAFETY: as above.
            Ok(found) => Fate::Present(present(unsafe { &(*found.entry).value })),
            Err(vacancy) => {
                let entry = Entry::new(key, value, term);
                match self.add(inner, &mut writer, ticket, vacancy, hash, entry, same) {
                    Ok(value) => self.finish(writer, Fate::Stored(value)),
                    Err(_) => Fate::Declined,
                }
            }
        }
    }

    /// [`Core::keep`] for an entry that lies apart.
    #[inline(never)]
    fn keep_apart<R>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        ticket: Option<Ticket>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
        present: impl Fn(&V) -> R,
    ) -> Fate<V, R> {
        let (fate, _refused) = self.settle(
            inner,
            hash,
            entry,
            |entry, other| {
                if !same.same(&other.key, &entry.key) {
                    Continue(false)
                } else if other.is_over() {
                    Continue(true)
                } else {
                    Break((Fate::Present(present(&other.value)), None))
                }
            },
            |entry, writer, site| {
                let vacancy = match site {
                    Ok(found) => {
                        return match self.renew(writer, ticket, &found, hash, entry, same) {
                            Ok(()) => (Fate::Renewed, None),
                            Err(entry) => (Fate::Declined, Some(entry)),
                        };
                    }
                    Err(vacancy) => vacancy,
                };
                match self.add(inner, writer, ticket, vacancy, hash, entry, same) {
                    Ok(value) => (Fate::Stored(value), None),
                    Err(entry) => (Fate::Declined, Some(entry)),
                }
            },
        );
        fate
    }

    /// Adds an entry whose key is not there, unless it was forgotten since `ticket`; a pointer to its value. With the lock.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "each call site names them")]
    fn add(
        &self,
        inner: &Shared<K, V, M, P, S>,
        writer: &mut Writer<Entry<K, V, P, S>>,
        ticket: Option<Ticket>,
        vacancy: Option<Vacancy>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<*const V, Entry<K, V, P, S>> {
        if ticket.is_some_and(|Ticket(ticket)| !writer.history.allows(ticket, hash)) {
            return Err(entry);
        }
        if P::VISITS && writer.evict(P::LIMIT) {
            inner.metrics.evict(1);
        }
        let entry =
            writer.add(vacancy, hash, entry, |entry| same.hash(&entry.key), self.publish())?;
        // SAFETY: the pointer is that of a live entry, which goes only with the lock.
        let value = unsafe { &raw const (*entry).value };
        self.sweep(writer, same);
        Ok(value)
    }

    /// Takes out some of the entries that are over. With the lock.
    #[inline]
    fn sweep(&self, writer: &mut Writer<Entry<K, V, P, S>>, same: impl Same<K::Stored>) {
        if P::Term::EXPIRES {
            writer.sweep(|entry| same.hash(&entry.key), self.publish());
        }
    }

    /// Puts an entry in the place of one with an equal key that is over, unless it was forgotten since `ticket`. With the lock.
    #[cold]
    fn renew(
        &self,
        writer: &mut Writer<Entry<K, V, P, S>>,
        ticket: Option<Ticket>,
        found: &Found<Entry<K, V, P, S>>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<(), Entry<K, V, P, S>> {
        if ticket.is_some_and(|Ticket(ticket)| !writer.history.allows(ticket, hash)) {
            return Err(entry);
        }
        self.replace(writer, found, hash, entry, same)
    }

    /// Puts an entry in the place of one with an equal key. Gives it back if no more can be held. With the lock.
    fn replace(
        &self,
        writer: &mut Writer<Entry<K, V, P, S>>,
        found: &Found<Entry<K, V, P, S>>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<(), Entry<K, V, P, S>> {
        let is =
            |new: &Entry<_, _, _, _>, other: &Entry<K, V, P, S>| same.same(&other.key, &new.key);
        let rehash = |entry: &Entry<_, _, _, _>| same.hash(&entry.key);
        writer.replace(found, hash, entry, is, rehash, self.publish())?;
        self.sweep(writer, same);
        Ok(())
    }

    /// Adds an entry, or replaces the one whose key is the same.
    pub(super) fn insert(&self, hash: u64, entry: Entry<K, V, P, S>, same: impl Same<K::Stored>) {
        let inner = self.inner_or_new();
        let refused = self.settle(
            inner,
            hash,
            entry,
            |entry, other| Continue(same.same(&other.key, &entry.key)),
            |entry, writer, site| match site {
                Ok(found) => self.replace(writer, &found, hash, entry, same).err(),
                Err(vacancy) => self.add(inner, writer, None, vacancy, hash, entry, same).err(),
            },
        );
        drop(refused);
    }

    /// Forgets an entry, also for computations under way; whether it was there, and good.
    pub(super) fn remove(&self, hash: u64, mut same: impl FnMut(&K::Stored) -> bool) -> bool {
        let inner = self.inner_or_new();
        self.settle(
            inner,
            hash,
            (),
            |(), other| Continue(same(&other.key)),
            |(), writer, site| {
                inner.note_removal(writer, hash);
                let Ok(found) = site else { return false };
                // SAFETY: the lock is held.
                let was_there = !unsafe { (*found.entry).is_over() };
                writer.take_out(found.position);
                was_there
            },
        )
    }

    /// Runs `act` with the lock and the site of the entry that `same` accepts; or gives what `same` breaks with. Nothing
    /// of the user may be dropped by `act`: it returns what it has no use for.
    fn settle<T, R>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, P, S>) -> ControlFlow<R, bool>,
        act: impl FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site<Entry<K, V, P, S>>) -> R,
    ) -> R {
        let mut writer = inner.lock();
        let inline = Entry::<K, V, P, S>::inline();
        let mut is_settled = true;
        let site = writer.space.seek(hash, |entry| {
            is_settled = inline;
            inline && matches!(same(&sought, entry), Continue(true))
        });
        if is_settled {
            let result = act(sought, &mut writer, site);
            return self.finish(writer, result);
        }
        drop(writer);
        self.protected(|| match self.settle_among_equal_hashes(inner, hash, sought, same, act) {
            Ok(result) => result,
            Err((sought, act)) => {
                let mut writer = inner.lock();
                if !P::LENDS {
                    inner.note_clearing(&mut writer);
                    writer.take_out_all(|| self.table.store(ptr::null_mut(), Release));
                }
                let site = writer.space.seek(hash, |_| false);
                let result = act(sought, &mut writer, site);
                self.finish(writer, result)
            }
        })
    }

    /// [`Core::settle`] if there are entries with the key's hash: compares them without the lock, until the lock shows none
    /// that was not compared. The thread must be pinned all the time, so that a pointer means one and the same entry. Gives
    /// up after [`MOST_ROUNDS`].
    #[cold]
    fn settle_among_equal_hashes<T, R, A>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, P, S>) -> ControlFlow<R, bool>,
        act: A,
    ) -> Result<R, (T, A)>
    where
        A: FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site<Entry<K, V, P, S>>) -> R,
    {
        let mut different: Vec<*const Entry<K, V, P, S>> = Vec::new();
        let mut equal = None;
        for _ in 0..MOST_ROUNDS {
            let mut fresh = Vec::new();
            let mut writer = inner.lock();
            let site = writer.space.seek(hash, |entry| {
                let entry = ptr::from_ref(entry);
                if equal != Some(entry) && different.binary_search(&entry).is_err() {
                    fresh.push(entry);
                }
                equal == Some(entry)
            });
            if site.is_ok() || fresh.is_empty() {
                let result = act(sought, &mut writer, site);
                return Ok(self.finish(writer, result));
            }
            drop(writer);
            equal = None;
            for entry in fresh {
                // SAFETY: a slot led to the entry when the thread was pinned already, so it is not freed.
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

    /// Lets go of the lock, and frees what was forgotten under it.
    #[inline]
    fn finish<R>(&self, writer: impl DerefMut<Target = Writer<Entry<K, V, P, S>>>, result: R) -> R {
        let waits = writer.limbo.has_unsealed();
        drop(writer);
        if waits {
            collect(self);
        }
        result
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
