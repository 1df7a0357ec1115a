//! What do writers share behind the lock, and what of it may be freed?
//!
//! # Invariants
//!
//! - `Space::table` and its chunks are owned by the space; retired tables and spaces are owned by the limbo list.
//! - The indices `FIRST..next` have memory. Each is named by one slot, waits in `retired`, or is in `free`; the entry of
//!   one in `free` is moved out, all others are whole.
//! - Nothing here runs code of the user, except by dropping a [`Bin`] or a whole [`Writer`].

use std::{
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicU64,
            Ordering::{Acquire, Release},
        },
    },
};

use super::table::{
    FIRST, Found, GONE, NoTable, Table, Vacancy, chunks_for, index_in, tag_in, tag_of, word_of,
};
use crate::{
    reclaim::{Limbo, Place, advance},
    store::{Ticket, history::History},
};

/// What all tables of one store share. Allocated when first needed; freed with the store.
pub(super) struct Inner<E, M> {
    pub(super) none: NoTable<E, Self>,
    pub(super) metrics: M,
    /// The ticket of [`Writer::history`], for those without the lock.
    forgotten: AtomicU64,
    writer: Mutex<Writer<E, Self>>,
}

impl<E, M> Inner<E, M> {
    pub(super) fn new(metrics: M) -> Self {
        Self {
            none: NoTable::new(),
            metrics,
            forgotten: AtomicU64::new(0),
            writer: Mutex::new(Writer {
                space: Space::new(),
                limbo: Limbo::new(),
                stale: Vec::new(),
                stale_slots: 0,
                history: History::new(0),
            }),
        }
    }

    /// What tables are to name as their owner: the pointer that the box was made into.
    pub(super) fn owner(&self) -> *const Self {
        self.none.owner()
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// Panics under the lock come only from a failing allocator, and leave nothing half done.
    pub(super) fn lock(&self) -> MutexGuard<'_, Writer<E, Self>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a key was forgotten.
    pub(super) fn note_removal(&self, writer: &mut Writer<E, Self>, hash: u64) {
        writer.history.forget(hash);
        self.forgotten.store(writer.history.ticket(), Release);
    }

    /// Notes that all keys were forgotten.
    pub(super) fn note_clearing(&self, writer: &mut Writer<E, Self>) {
        writer.history.forget_all();
        self.forgotten.store(writer.history.ticket(), Release);
    }
}

/// What the lock protects.
pub(super) struct Writer<E, O> {
    pub(super) space: Space<E, O>,
    limbo: Limbo<Garbage<E, O>>,
    /// Replaced tables that wait for company: small ones are not worth a heavy barrier each.
    stale: Vec<Replaced<E, O>>,
    stale_slots: u32,
    pub(super) history: History,
}

/// What readers may still hold. Frees what it is when dropped.
#[allow(dead_code, reason = "held only to be dropped")]
enum Garbage<E, O> {
    Table(Replaced<E, O>),
    Space(Space<E, O>),
}

/// A table whose chunks another one has.
struct Replaced<E, O>(Table<E, O>);

impl<E, O> Drop for Replaced<E, O> {
    fn drop(&mut self) {
        // SAFETY: no other table was made from this value, and whoever drops garbage has seen that no reader is left.
        unsafe { self.0.free() };
    }
}

/// What may be dropped as soon as the lock is released. Dropping it may run code of the user.
pub(super) struct Bin<E, O> {
    entries: Vec<E>,
    garbage: Vec<Garbage<E, O>>,
}

impl<E, O> Bin<E, O> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), garbage: Vec::new() }
    }
}

impl<E, O> Writer<E, O> {
    /// Adds an entry whose key is not there. Gives it back if no more can be held, otherwise a pointer to where it is
    /// now. `publish` is given each new table, and lets readers see it.
    pub(super) fn add(
        &mut self,
        owner: *const O,
        hash: u64,
        entry: E,
        publish: impl FnOnce(Table<E, O>),
    ) -> Result<*mut E, E> {
        let Some(vacancy) = self.room(owner, hash, publish) else { return Err(entry) };
        let Some((index, target)) = self.take_index() else { return Err(entry) };
        // SAFETY: the index was free, so nobody reads there.
        unsafe { target.write(entry) };
        self.space.fill(&vacancy, word_of(tag_of(hash), index));
        Ok(target)
    }

    /// Puts an entry in the place of one with an equal key, and retires that.
    pub(super) fn replace(
        &mut self,
        owner: *const O,
        position: u32,
        entry: E,
        publish: impl FnOnce(Table<E, O>),
    ) -> Result<(), E> {
        let word = self.space.word(position);
        // An index may need a cell more; then the entry moves to another position.
        let moved = !self.space.has_index() && self.rebuild(owner, publish);
        let Some((index, target)) = self.take_index() else { return Err(entry) };
        // SAFETY: the index was free, so nobody reads there.
        unsafe { target.write(entry) };
        let position = if moved { self.space.position_of(word) } else { position };
        self.space.set(position, word_of(tag_in(word), index));
        self.space.retire(index_in(word));
        Ok(())
    }

    /// Takes an entry out, and retires it.
    pub(super) fn take_out(&mut self, position: u32) {
        let word = self.space.word(position);
        self.space.unlink(position);
        self.space.retire(index_in(word));
    }

    /// Takes all entries out; `publish` lets readers see that.
    pub(super) fn take_out_all(&mut self, publish: impl FnOnce()) {
        publish();
        let space = mem::replace(&mut self.space, Space::new());
        if space.table.is_some() {
            let tag = advance();
            self.retire_stale(tag);
            self.limbo.add(tag, Garbage::Space(space));
        }
    }

    /// Moves what no reader holds any more to the bin.
    pub(super) fn collect(&mut self, place: Place, bin: &mut Bin<E, O>) {
        self.space.collect(place, &mut bin.entries);
        if !self.limbo.is_empty() {
            bin.garbage.append(&mut self.limbo.take_ready(place));
        }
    }

    /// A vacancy for the key, in a new table if the present one is full.
    fn room(
        &mut self,
        owner: *const O,
        hash: u64,
        publish: impl FnOnce(Table<E, O>),
    ) -> Option<Vacancy> {
        let tag = tag_of(hash);
        if let Some(vacancy) = self.space.vacancy(tag) {
            if (vacancy.word == GONE || self.space.has_slot()) && self.space.has_index() {
                return Some(vacancy);
            }
        }
        if self.rebuild(owner, publish) { self.space.vacancy(tag) } else { None }
    }

    /// Makes a table with room for at least one entry more.
    fn rebuild(&mut self, owner: *const O, publish: impl FnOnce(Table<E, O>)) -> bool {
        let Some(bigger) = self.space.bigger(owner) else { return false };
        publish(bigger);
        if let Some(replaced) = self.space.adopt(bigger) {
            // SAFETY: nobody frees it before the limbo list does.
            self.stale_slots += unsafe { replaced.0.slots() };
            self.stale.push(replaced);
        }
        if self.stale_slots >= MANY_SLOTS {
            self.retire_stale(advance());
        }
        true
    }

    /// Retires the replaced tables; all of them were unlinked before the tag was taken.
    fn retire_stale(&mut self, tag: u64) {
        self.stale_slots = 0;
        for table in mem::take(&mut self.stale) {
            self.limbo.add(tag, Garbage::Table(table));
        }
    }

    fn take_index(&mut self) -> Option<(u32, *mut E)> {
        let table = self.space.table?;
        let index = match self.space.free.pop() {
            Some(index) => index,
            None => self.space.new_index()?,
        };
        // SAFETY: the space owns the table, and the index has memory.
        Some((index, unsafe { table.entry(index) }))
    }
}

/// A table, its chunks, and what is in them.
pub(super) struct Space<E, O> {
    table: Option<Table<E, O>>,
    /// How many slots name an entry.
    live: u32,
    /// How many slots are not empty.
    used: u32,
    /// The first index that was never used.
    next: u32,
    free: Vec<u32>,
    retired: Limbo<u32>,
}

impl<E, O> Space<E, O> {
    const fn new() -> Self {
        Self { table: None, live: 0, used: 0, next: FIRST, free: Vec::new(), retired: Limbo::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.live as usize
    }

    /// How many slots and how many indices with memory there are.
    #[cfg(test)]
    pub(super) fn extent(&self) -> (u32, u32) {
        // SAFETY: the space owns the table.
        (self.table.map_or(0, |table| unsafe { table.slots() }), self.next - FIRST)
    }

    /// `None` if there is no table yet.
    pub(super) fn vacancy(&self, tag: u32) -> Option<Vacancy> {
        // SAFETY: the space owns the table; to have the space is to have the lock.
        self.table.map(|table| unsafe { table.vacancy(tag) })
    }

    /// Whether an entry could, by its tag, have the key.
    pub(super) fn has_tag(&self, tag: u32) -> bool {
        self.vacancy(tag).is_some_and(|vacancy| vacancy.tagged)
    }

    /// All entries that could, by their tag, have the key.
    pub(super) fn for_each_tagged(&self, tag: u32, each: impl FnMut(Found<E>)) {
        if let Some(table) = self.table {
            // SAFETY: as above.
            unsafe { table.for_each_tagged(tag, each) };
        }
    }

    /// The word at a position that was found in this table, or [`GONE`] without one.
    pub(super) fn word(&self, position: u32) -> u64 {
        // SAFETY: as above; the position is one of the table's.
        self.table.map_or(GONE, |table| unsafe { table.slot(position) }.load(Acquire))
    }

    /// Where a word is.
    fn position_of(&self, word: u64) -> u32 {
        let Some(table) = self.table else { return 0 };
        // SAFETY: as above.
        let slots = unsafe { table.slots() };
        let start = tag_in(word);
        (0..slots)
            .map(|step| start.wrapping_add(step) & (slots - 1))
            .find(|&position| self.word(position) == word)
            .expect("a rebuilt table has the words of the old one")
    }

    fn set(&self, position: u32, word: u64) {
        if let Some(table) = self.table {
            // SAFETY: as above. The release publishes the entry.
            unsafe { table.slot(position) }.store(word, Release);
        }
    }

    fn fill(&mut self, vacancy: &Vacancy, word: u64) {
        self.set(vacancy.position, word);
        self.live += 1;
        self.used += u32::from(vacancy.word != GONE);
    }

    fn unlink(&mut self, position: u32) {
        if let Some(table) = self.table {
            self.live -= 1;
            // SAFETY: as above.
            self.used -= u32::from(unsafe { table.unlink(position) });
        }
    }

    fn retire(&mut self, index: u32) {
        self.retired.add(advance(), index);
    }

    /// Moves the entries that no reader holds any more to `bin`; their indices are free then.
    fn collect(&mut self, place: Place, bin: &mut Vec<E>) {
        if self.retired.is_empty() {
            return;
        }
        let Some(table) = self.table else { return };
        for index in self.retired.take_ready(place) {
            // SAFETY: no slot names the index and no reader holds it, so the entry is ours to move out, once.
            bin.push(unsafe { table.entry(index).read() });
            self.free.push(index);
        }
    }

    fn has_slot(&self) -> bool {
        // SAFETY: as above.
        self.table.is_some_and(|table| (self.used + 1) <= most_used(unsafe { table.slots() }))
    }

    fn has_index(&self) -> bool {
        // SAFETY: as above.
        !self.free.is_empty() || self.table.is_some_and(|table| unsafe { table.reaches(self.next) })
    }

    /// An index that was never used, with memory.
    fn new_index(&mut self) -> Option<u32> {
        let table = self.table?;
        let index = self.next;
        // SAFETY: as above.
        let reaches = unsafe { table.reaches(index) };
        // SAFETY: as above; the table has the cell.
        if index == u32::MAX
            || !reaches
            || index.is_power_of_two() && !unsafe { table.add_chunk(index) }
        {
            return None;
        }
        self.next += 1;
        Some(index)
    }

    /// A table of the same entries with room for more, or only without forgotten slots if there are many.
    fn bigger(&self, owner: *const O) -> Option<Table<E, O>> {
        let slots = match self.table {
            None => FEWEST_SLOTS,
            // SAFETY: as above.
            Some(table) => match unsafe { table.slots() } {
                slots if self.live >= most_used(slots) / 2 => slots.checked_mul(2)?,
                slots => slots,
            },
        };
        let chunks = chunks_for(self.next.max(FIRST - 1 + most_used(slots)));
        let bigger = Table::allocate(owner, slots, chunks)?;
        if let Some(table) = self.table {
            // SAFETY: as above; `chunks` covers all indices in use, and the slots are more than the entries.
            unsafe { table.copy_to(bigger) };
        }
        Some(bigger)
    }

    /// Makes that table the space's own; the one before.
    fn adopt(&mut self, bigger: Table<E, O>) -> Option<Replaced<E, O>> {
        self.used = self.live;
        self.table.replace(bigger).map(Replaced)
    }
}

impl<E, O> Drop for Space<E, O> {
    fn drop(&mut self) {
        if let Some(table) = self.table {
            let mut rest = Rest { space: self, table, position: 0 };
            rest.drop_entries();
        }
    }
}

/// What is left of a space that is being dropped. If the `Drop` of an entry panics, the rest is dropped all the same.
struct Rest<'s, E, O> {
    space: &'s mut Space<E, O>,
    table: Table<E, O>,
    position: u32,
}

impl<E, O> Rest<'_, E, O> {
    /// Drops the entries one by one, each noted as dropped before.
    fn drop_entries(&mut self) {
        if !mem::needs_drop::<E>() {
            return;
        }
        while let Some(index) = self.space.retired.pop() {
            // SAFETY: whoever drops a space has seen that no reader is left; the entry is whole, and noted as dropped.
            unsafe { self.table.entry(index).drop_in_place() };
        }
        // SAFETY: the space owns the table.
        while self.position < unsafe { self.table.slots() } {
            let word = self.space.word(self.position);
            self.position += 1;
            if tag_in(word) != 0 {
                // SAFETY: as above; only one slot names the entry.
                unsafe { self.table.entry(index_in(word)).drop_in_place() };
            }
        }
    }
}

impl<E, O> Drop for Rest<'_, E, O> {
    fn drop(&mut self) {
        self.drop_entries();
        let mut first = FIRST;
        // A chunk is there if its first index is used; the last one ends with the indices.
        while first < self.space.next {
            // SAFETY: the space owns the chunk, and all entries are dropped.
            unsafe { self.table.free_chunk(first) };
            first = first.saturating_mul(2);
        }
        // SAFETY: the space owns the table, and does not use it any more.
        unsafe { self.table.free() };
    }
}

const FEWEST_SLOTS: u32 = 4;
/// From how many slots on replaced tables are retired.
const MANY_SLOTS: u32 = 512;

/// How many of the slots may be in use.
fn most_used(slots: u32) -> u32 {
    slots / 4 * 3
}
