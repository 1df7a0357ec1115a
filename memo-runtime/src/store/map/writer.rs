//! What do writers share behind the lock, and what of it may be freed?
//!
//! # Invariants
//!
//! - The space owns its table and the entries in it; the limbo list what was retired; the list of stale tables those.
//! - Nothing here runs code of the user, except by dropping garbage, a space, or a whole [`Writer`].

use std::{
    mem,
    sync::atomic::Ordering::{Acquire, Release},
};

use super::{
    item::Item,
    table::{Apart, Found, Table, Vacancy},
};
use crate::{
    reclaim::Limbo,
    store::{
        LOOKED_AT, Ticket, drop_each,
        history::History,
        mode::{Lock, Mode},
    },
    sync::AtomicU64,
};

/// What writers share, and what counts. Allocated when first needed; freed with the store.
pub(super) struct Inner<E: Item, M, S: Mode> {
    pub(super) metrics: M,
    /// The ticket of [`Writer::history`], for those without the lock.
    forgotten: AtomicU64,
    writer: S::Lock<Writer<E>>,
}

impl<E: Item, M, S: Mode> Inner<E, M, S> {
    pub(super) fn new(metrics: M) -> Self {
        Self {
            metrics,
            forgotten: AtomicU64::new(0),
            writer: S::Lock::new(Writer {
                space: Space::new(),
                limbo: Limbo::new(),
                stale: Vec::new(),
                stale_bytes: 0,
                history: History::new(0),
            }),
        }
    }

    #[inline]
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// Panics under the lock come only from a failing allocator, and leave nothing half done.
    #[inline]
    pub(super) fn lock(&self) -> <S::Lock<Writer<E>> as Lock<Writer<E>>>::Guard<'_> {
        self.writer.lock()
    }

    /// Notes that a key was forgotten.
    pub(super) fn note_removal(&self, writer: &mut Writer<E>, hash: u64) {
        writer.history.forget(hash);
        self.forgotten.store(writer.history.ticket(), Release);
    }

    /// Notes that all keys were forgotten.
    pub(super) fn note_clearing(&self, writer: &mut Writer<E>) {
        writer.history.forget_all();
        self.forgotten.store(writer.history.ticket(), Release);
    }
}

/// What the lock protects.
pub(super) struct Writer<E: Item> {
    pub(super) space: Space<E>,
    pub(super) limbo: Limbo<Garbage<E>>,
    /// Replaced tables that wait for company: small ones are not worth a heavy barrier each. All of them, if readers are
    /// not protected because nothing is forgotten: together they are smaller than the present one.
    stale: Vec<Replaced<E>>,
    stale_bytes: usize,
    pub(super) history: History,
}

/// What readers may still hold. Frees what it is when dropped.
#[allow(dead_code, reason = "held only to be dropped")]
pub enum Garbage<E: Item> {
    Entry(Unlinked<E>),
    Table(Replaced<E>),
    Space(Space<E>),
}

impl<E: Item> Writer<E> {
    /// Adds an entry whose key is not there, in a new table if there is no room. Gives it back if no more can be held,
    /// otherwise a pointer to where it is now. `rehash` gives the hash of entries that lie in the table; `publish` is given
    /// each new table, and lets readers see it.
    #[inline]
    pub(super) fn add(
        &mut self,
        vacancy: Option<Vacancy>,
        hash: u64,
        entry: E,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(Table<E>),
    ) -> Result<*mut E, E> {
        // What is seldom done is not given the entry: it would have to be in memory for that, also when it is not done.
        let vacancy = match vacancy {
            Some(vacancy) if self.space.can_put(vacancy) => vacancy,
            _ => match self.make_room(hash, rehash, publish) {
                Some(vacancy) => vacancy,
                None => return Err(entry),
            },
        };
        Ok(self.space.put(vacancy, hash, entry))
    }

    #[cold]
    #[inline(never)]
    fn make_room(
        &mut self,
        hash: u64,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(Table<E>),
    ) -> Option<Vacancy> {
        if self.rebuild(rehash, publish) { self.space.vacancy(hash) } else { None }
    }

    /// Puts an entry in the place of one with an equal key, which `same` accepts, and retires that. Gives it back if no more
    /// can be held.
    pub(super) fn replace(
        &mut self,
        found: &Found<E>,
        hash: u64,
        entry: E,
        same: impl Fn(&E, &E) -> bool,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(Table<E>),
    ) -> Result<(), E> {
        if !E::inline() {
            if let Some(old) = self.space.exchange(found.position, hash, entry) {
                self.limbo.add(Garbage::Entry(old));
            }
            return Ok(());
        }
        let room = |space: &Space<E>| space.vacancy(hash).filter(|it| space.can_put(*it));
        let (position, vacancy) = match room(&self.space) {
            Some(vacancy) => (found.position, Some(vacancy)),
            None if self.rebuild(rehash, publish) => {
                match self.space.seek(hash, |other| same(&entry, other)) {
                    Ok(found) => (found.position, room(&self.space)),
                    Err(_) => return Err(entry),
                }
            }
            None => return Err(entry),
        };
        let Some(vacancy) = vacancy else { return Err(entry) };
        // In this order, so that readers find one or the other.
        self.space.put(vacancy, hash, entry);
        self.take_out(position);
        Ok(())
    }

    /// Takes an entry out.
    pub(super) fn take_out(&mut self, position: u32) {
        if let Some(old) = self.space.take_out(position) {
            self.limbo.add(Garbage::Entry(old));
        }
    }

    /// Makes room for an entry if there are `limit`; whether one had to go.
    pub(super) fn evict(&mut self, limit: usize) -> bool {
        let full = self.space.len() >= limit;
        if full {
            if let Some(position) = self.space.victim() {
                self.take_out(position);
            }
        }
        full
    }

    /// Looks at some entries, and takes out those that are over. Gives memory back when few are left. Nothing that leads into the
    /// table may be followed after that.
    pub(super) fn sweep(&mut self, rehash: impl Fn(&E) -> u64, publish: impl FnOnce(Table<E>)) {
        for _ in 0..LOOKED_AT {
            match self.space.next_in_round() {
                Some((position, true)) => self.take_out(position),
                Some(_) => {}
                None => break,
            }
        }
        if self.space.is_sparse() {
            self.rebuild(rehash, publish);
        }
    }

    /// Takes all entries out; `publish` lets readers see that.
    pub(super) fn take_out_all(&mut self, publish: impl FnOnce()) {
        publish();
        let space = mem::replace(&mut self.space, Space::new());
        if space.is_warm() {
            self.retire_stale();
            self.limbo.add(Garbage::Space(space));
        }
    }

    /// Makes a table with room for at least one entry more, and not for many; whether there can be one.
    fn rebuild(&mut self, rehash: impl Fn(&E) -> u64, publish: impl FnOnce(Table<E>)) -> bool {
        let Some(bigger) = self.space.bigger(rehash) else { return false };
        publish(bigger);
        let replaced = self.space.adopt(bigger);
        self.retire_table(replaced);
        true
    }

    fn retire_table(&mut self, replaced: Option<Replaced<E>>) {
        let Some(replaced) = replaced else { return };
        if E::inline() && !E::is_pinned() {
            // Nobody reads beside the writer.
            return drop(replaced);
        }
        self.stale_bytes += replaced.bytes();
        self.stale.push(replaced);
        if E::is_pinned() && self.stale_bytes >= MANY_BYTES {
            self.retire_stale();
        }
    }

    fn retire_stale(&mut self) {
        self.stale_bytes = 0;
        for table in mem::take(&mut self.stale) {
            self.limbo.add(Garbage::Table(table));
        }
    }
}

/// From how many bytes on replaced tables are retired.
const MANY_BYTES: usize = 4096;

/// A table whose entries another one has.
pub struct Replaced<E: Item>(Table<E>);

impl<E: Item> Replaced<E> {
    fn bytes(&self) -> usize {
        // SAFETY: the table is freed only when this is dropped.
        unsafe { self.0.bytes() }
    }
}

impl<E: Item> Drop for Replaced<E> {
    fn drop(&mut self) {
        // SAFETY: no other table was made from this value, and whoever drops garbage has seen that no reader is left.
        unsafe { self.0.free() };
    }
}

/// An entry that lies apart, and that no slot leads to any more.
pub struct Unlinked<E: Item>(*mut Apart<E>);

impl<E: Item> Drop for Unlinked<E> {
    fn drop(&mut self) {
        // SAFETY: no other value was made of the entry, and whoever drops garbage has seen that no reader is left.
        unsafe { Table::free_apart(self.0) };
    }
}

/// A table and what is in it: one generation of a map, from the first entry to a clearing. Who has a reference to it has the
/// writer's lock, or owns it.
pub struct Space<E: Item> {
    table: Option<Table<E>>,
    /// How many slots have an entry.
    live: u32,
    /// How many slots that have never been used may be.
    room: u32,
    /// Where the search for the next victim begins.
    hand: u32,
    /// Where the search for entries that are over goes on.
    round: u32,
}

impl<E: Item> Space<E> {
    const fn new() -> Self {
        Self { table: None, live: 0, room: 0, hand: 0, round: 0 }
    }

    /// Whether there is a table.
    fn is_warm(&self) -> bool {
        self.table.is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.live as usize
    }

    /// How many slots there are.
    #[cfg(all(test, not(loom)))]
    pub(super) fn slots(&self) -> u32 {
        // SAFETY: the space owns the table.
        self.table.map_or(0, |table| unsafe { table.slots() })
    }

    /// Where an entry with that hash is that `same` accepts, or where it would go: nowhere without a table.
    #[inline]
    pub(super) fn seek(
        &self,
        hash: u64,
        same: impl FnMut(&E) -> bool,
    ) -> Result<Found<E>, Option<Vacancy>> {
        let Some(table) = self.table else { return Err(None) };
        // SAFETY: the space owns the table; to have the space is to have the lock.
        unsafe { table.seek(hash, same) }.map_err(Some)
    }

    fn vacancy(&self, hash: u64) -> Option<Vacancy> {
        // SAFETY: as above.
        self.table.map(|table| unsafe { table.vacancy(hash) })
    }

    #[inline]
    fn can_put(&self, vacancy: Vacancy) -> bool {
        vacancy.is_gone || self.room > 0
    }

    #[inline]
    fn put(&mut self, vacancy: Vacancy, hash: u64, entry: E) -> *mut E {
        let Some(table) = self.table else { unreachable!("a vacancy is one of a table") };
        self.live += 1;
        self.room -= u32::from(!vacancy.is_gone);
        // SAFETY: as above; the vacancy is this table's.
        unsafe { table.put(vacancy.position, hash, entry) }
    }

    fn exchange(&mut self, position: u32, hash: u64, entry: E) -> Option<Unlinked<E>> {
        // SAFETY: as above; the slot has an entry, which lies apart.
        self.table.map(|table| Unlinked(unsafe { table.exchange(position, hash, entry) }))
    }

    fn take_out(&mut self, position: u32) -> Option<Unlinked<E>> {
        self.live -= 1;
        // SAFETY: as above; the slot has an entry.
        unsafe { self.table?.take_out(position) }.map(Unlinked)
    }

    /// The entry that goes next: the first one from the hand on that was not hit since the hand has passed it.
    fn victim(&mut self) -> Option<u32> {
        let table = self.table?;
        // Readers may hit all of them, again and again.
        let mut spared = 0;
        loop {
            // SAFETY: as above.
            let Some(position) = (unsafe { table.next_taken(self.hand) }) else {
                if self.live == 0 {
                    return None;
                }
                self.hand = 0;
                continue;
            };
            self.hand = position + 1;
            // SAFETY: as above; only tables whose entries are visited have a limit.
            if spared > self.live || !unsafe { table.was_visited(position) } {
                return Some(position);
            }
            spared += 1;
        }
    }

    /// The next entry on the way around the table, and whether it is over.
    fn next_in_round(&mut self) -> Option<(u32, bool)> {
        let table = self.table?;
        // SAFETY: as above.
        unsafe {
            let next = table.next_taken(self.round).or_else(|| table.next_taken(0))?;
            self.round = next + 1;
            Some((next, table.peek(next).is_over()))
        }
    }

    /// Whether most of the table is for entries that are gone.
    fn is_sparse(&self) -> bool {
        // SAFETY: as above.
        let slots = self.table.map_or(0, |table| unsafe { table.slots() });
        slots > MOST_SPARSE && self.live < slots / 8
    }

    /// A table of the same entries with room for more, or only without forgotten slots if there are many.
    fn bigger(&self, rehash: impl Fn(&E) -> u64) -> Option<Table<E>> {
        let slots = match self.table {
            None => FEWEST_SLOTS,
            // SAFETY: as above.
            Some(table) => match unsafe { table.slots() } {
                slots if self.live >= most_used(slots) / 4 * 3 => slots.checked_mul(2)?,
                slots if E::EXPIRES && self.is_sparse() => slots / 4,
                slots => slots,
            },
        };
        if slots > MOST_SLOTS {
            return None;
        }
        let bigger = Table::allocate(slots)?;
        if let Some(table) = self.table {
            // SAFETY: as above; the slots are more than the entries.
            unsafe { table.copy_to(bigger, rehash) };
        }
        Some(bigger)
    }

    /// Makes that table the space's own; the one before.
    fn adopt(&mut self, bigger: Table<E>) -> Option<Replaced<E>> {
        // SAFETY: the table is the space's from now on.
        self.room = most_used(unsafe { bigger.slots() }) - self.live;
        self.hand = 0;
        self.round = 0;
        self.table.replace(bigger).map(Replaced)
    }
}

impl<E: Item> Drop for Space<E> {
    fn drop(&mut self) {
        let Some(table) = self.table else { return };
        // Freed after the entries, also if the `Drop` of one panics.
        let _table = Replaced(table);
        if E::inline() {
            // Such entries need no drop.
            return;
        }
        let mut position = 0;
        drop_each(|| {
            // SAFETY: the space owns the table and its entries, and each is found once.
            unsafe {
                let at = table.next_taken(position)?;
                position = at + 1;
                table.owned(at).map(Unlinked)
            }
        });
    }
}

const FEWEST_SLOTS: u32 = 4;
/// Tables of so few slots are never too big.
const MOST_SPARSE: u32 = 64;
/// The most slots that the hash's low half can address.
const MOST_SLOTS: u32 = 1 << 31;

/// How many of the slots may be in use.
#[inline]
fn most_used(slots: u32) -> u32 {
    if slots < 8 { slots - 1 } else { slots / 8 * 7 }
}
