//! What does one generation of a map consist of, from the first entry to a clearing?
//!
//! # Invariants
//!
//! - The table and its chunks are owned by the space. Who has a reference to the space has the writer's lock, or owns it.
//! - Where entries lie in slots there are no indices, and nothing is retired but tables.
//! - The indices `FIRST..next` have memory. Each is named by one slot, waits in `retired`, or is in `free`; the entry of
//!   one in `free` is moved out, all others are whole.

use std::{
    mem,
    sync::atomic::Ordering::{Relaxed, Release},
};

use super::{
    item::Item,
    probe::{Found, Vacancy},
    table::{FIRST, Table, chunks_for},
    word::{GONE, index_in, is_taken, tag_in, word_of},
};
use crate::reclaim::{Limbo, Place, advance};

/// A table whose chunks another one has.
pub(super) struct Replaced<E: Item>(Table<E>);

impl<E: Item> Replaced<E> {
    pub(super) fn bytes(&self) -> usize {
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

/// A table, its chunks, and what is in them.
pub(super) struct Space<E: Item> {
    table: Option<Table<E>>,
    /// How many slots name an entry.
    live: u32,
    /// How many slots are not empty.
    used: u32,
    /// The first index that was never used.
    next: u32,
    free: Vec<u32>,
    retired: Limbo<u32>,
}

impl<E: Item> Space<E> {
    pub(super) const fn new() -> Self {
        Self { table: None, live: 0, used: 0, next: FIRST, free: Vec::new(), retired: Limbo::new() }
    }

    /// Whether there is a table.
    pub(super) fn is_warm(&self) -> bool {
        self.table.is_some()
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

    /// All entries that could, by their tag, have the key.
    pub(super) fn for_each_tagged(&self, tag: u32, each: impl FnMut(Found<E>)) {
        if let Some(table) = self.table {
            // SAFETY: as above.
            unsafe { table.for_each_tagged(tag, each) };
        }
    }

    /// Puts an entry where there is a vacancy, or gives it back if there is no index left.
    pub(super) fn put(&mut self, vacancy: &Vacancy, tag: u32, entry: E) -> Result<*mut E, E> {
        let Some(table) = self.table else { return Err(entry) };
        let index = if E::inline() { Some(0) } else { self.take_index() };
        let Some(index) = index else { return Err(entry) };
        let word = word_of(tag, index);
        self.live += 1;
        self.used += u32::from(vacancy.word != GONE);
        // SAFETY: the space owns the table. The slot, or the index, was free, so nobody reads what is written. The release
        // publishes it.
        unsafe {
            let target = table.entry(vacancy.position, word);
            target.write(entry);
            table.set(vacancy.position, word, Release);
            Ok(target)
        }
    }

    /// Puts an entry in the place of the one at that position, which has the same tag; readers find one or the other.
    /// Gives it back if [`Space::can_exchange`] does not hold.
    pub(super) fn exchange(&mut self, position: u32, entry: E) -> Result<(), E> {
        let Some(table) = self.table.filter(|_| self.can_exchange()) else { return Err(entry) };
        // SAFETY: the space owns the table; the position is one of its own.
        let old = unsafe { table.word(position, Relaxed) };
        if E::inline() {
            // SAFETY: as above.
            let vacancy = unsafe { table.vacancy(tag_in(old)) };
            self.put(&vacancy, tag_in(old), entry)?;
            self.take_out(position);
            return Ok(());
        }
        let Some(index) = self.take_index() else { return Err(entry) };
        let word = word_of(tag_in(old), index);
        // SAFETY: as above; the index was free, so nobody reads there. The release publishes the entry.
        unsafe {
            table.entry(position, word).write(entry);
            table.set(position, word, Release);
        }
        self.retire(index_in(old));
        Ok(())
    }

    /// Takes the entry out of its slot.
    pub(super) fn take_out(&mut self, position: u32) {
        let Some(table) = self.table else { return };
        // SAFETY: the space owns the table; the position is one of its own.
        let (word, unused) = unsafe { (table.word(position, Relaxed), table.unlink(position)) };
        self.live -= 1;
        self.used -= u32::from(unused);
        if !E::inline() {
            self.retire(index_in(word));
        }
    }

    fn retire(&mut self, index: u32) {
        self.retired.add(advance(), index);
    }

    pub(super) fn has_retired(&self) -> bool {
        !self.retired.is_empty()
    }

    /// The entries that no reader holds any more; their indices are free then.
    pub(super) fn collect(&mut self, place: Place) -> Vec<E> {
        let Some(table) = self.table else { return Vec::new() };
        let ready = self.retired.take_ready(place);
        self.free.extend(&ready);
        // SAFETY: no slot names the index and no reader holds it, so the entry is ours to move out, once.
        ready.into_iter().map(|index| unsafe { table.entry_at(index).read() }).collect()
    }

    /// Whether an entry could be put into that vacancy.
    pub(super) fn can_put(&self, vacancy: &Vacancy) -> bool {
        (vacancy.word == GONE || self.has_slot()) && (E::inline() || self.has_index())
    }

    /// Whether an entry could take the place of another one.
    pub(super) fn can_exchange(&self) -> bool {
        if E::inline() { self.has_slot() } else { self.has_index() }
    }

    fn has_slot(&self) -> bool {
        // SAFETY: as above.
        self.table.is_some_and(|table| self.used < most_used(unsafe { table.slots() }))
    }

    fn has_index(&self) -> bool {
        // SAFETY: as above.
        !self.free.is_empty() || self.table.is_some_and(|table| unsafe { table.reaches(self.next) })
    }

    /// An index that is free, with memory.
    fn take_index(&mut self) -> Option<u32> {
        match self.free.pop() {
            Some(index) => Some(index),
            None => self.new_index(),
        }
    }

    /// An index that was never used, with memory.
    fn new_index(&mut self) -> Option<u32> {
        let table = self.table?;
        let index = self.next;
        // SAFETY: as above.
        let reaches = unsafe { table.reaches(index) };
        if index == u32::MAX || !reaches {
            return None;
        }
        // SAFETY: as above; the table has the cell.
        if index.is_power_of_two() && !unsafe { table.add_chunk(index) } {
            return None;
        }
        self.next += 1;
        Some(index)
    }

    /// A table of the same entries with room for more, or only without forgotten slots if there are many; and where in it
    /// the entry at `position` is.
    pub(super) fn bigger(&self, position: u32) -> Option<(Table<E>, u32)> {
        let slots = match self.table {
            None => FEWEST_SLOTS,
            // SAFETY: as above.
            Some(table) => match unsafe { table.slots() } {
                slots if self.live >= most_used(slots) / 2 => slots.checked_mul(2)?,
                slots => slots,
            },
        };
        let chunks =
            if E::inline() { 0 } else { chunks_for(self.next.max(FIRST - 1 + most_used(slots))) };
        let bigger = Table::allocate(slots, chunks)?;
        let position = match self.table {
            None => position,
            // SAFETY: as above; `chunks` covers all indices in use, and the slots are more than the entries.
            Some(table) => unsafe { table.copy_to(bigger, position) },
        };
        Some((bigger, position))
    }

    /// Makes that table the space's own; the one before.
    pub(super) fn adopt(&mut self, bigger: Table<E>) -> Option<Replaced<E>> {
        self.used = self.live;
        self.table.replace(bigger).map(Replaced)
    }
}

impl<E: Item> Drop for Space<E> {
    fn drop(&mut self) {
        if let Some(table) = self.table {
            let mut rest = Rest { space: self, table, position: 0 };
            rest.drop_entries();
        }
    }
}

/// What is left of a space that is being dropped. If the `Drop` of an entry panics, the rest is dropped all the same.
struct Rest<'s, E: Item> {
    space: &'s mut Space<E>,
    table: Table<E>,
    position: u32,
}

impl<E: Item> Rest<'_, E> {
    /// Drops the entries one by one, each noted as dropped before.
    fn drop_entries(&mut self) {
        if !mem::needs_drop::<E>() {
            return;
        }
        while let Some(index) = self.space.retired.pop() {
            // SAFETY: whoever drops a space has seen that no reader is left; the entry is whole, and noted as dropped.
            unsafe { self.table.entry_at(index).drop_in_place() };
        }
        // SAFETY: the space owns the table.
        while self.position < unsafe { self.table.slots() } {
            let position = self.position;
            // SAFETY: as above.
            let word = unsafe { self.table.word(position, Relaxed) };
            self.position += 1;
            if is_taken(word) {
                // SAFETY: as above; only one slot names the entry.
                unsafe { self.table.entry(position, word).drop_in_place() };
            }
        }
    }
}

impl<E: Item> Drop for Rest<'_, E> {
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
/// From here on memory, and what it takes to reach it, costs more than longer probes.
const MANY_SLOTS: u32 = 4096;

/// How many of the slots may be in use.
fn most_used(slots: u32) -> u32 {
    if slots < MANY_SLOTS { slots / 4 * 3 } else { slots / 8 * 7 }
}
