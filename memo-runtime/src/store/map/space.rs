//! Whose are a table and its entries?
//!
//! # Invariants
//!
//! - A [`Space`] owns its table and the entries in it. Who has a reference to it has the writer's lock, or owns it.
//! - [`Replaced`] and [`Unlinked`] own what no reader will find any more. Whoever drops garbage has seen that no reader is left.

use super::{
    item::Item,
    table::{Apart, Found, Table, Vacancy},
};
use crate::store::drop_each;

/// A table whose entries another one has.
pub struct Replaced<E: Item>(Table<E>);

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
    pub(super) const fn new() -> Self {
        Self { table: None, live: 0, room: 0, hand: 0, round: 0 }
    }

    /// Whether there is a table.
    pub(super) fn is_warm(&self) -> bool {
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

    pub(super) fn vacancy(&self, hash: u64) -> Option<Vacancy> {
        // SAFETY: as above.
        self.table.map(|table| unsafe { table.vacancy(hash) })
    }

    #[inline]
    pub(super) fn can_put(&self, vacancy: Vacancy) -> bool {
        vacancy.is_gone || self.room > 0
    }

    #[inline]
    pub(super) fn put(&mut self, vacancy: Vacancy, hash: u64, entry: E) -> *mut E {
        let Some(table) = self.table else { unreachable!("a vacancy is one of a table") };
        self.live += 1;
        self.room -= u32::from(!vacancy.is_gone);
        // SAFETY: as above; the vacancy is this table's.
        unsafe { table.put(vacancy.position, hash, entry) }
    }

    pub(super) fn exchange(&mut self, position: u32, hash: u64, entry: E) -> Option<Unlinked<E>> {
        // SAFETY: as above; the slot has an entry, which lies apart.
        self.table.map(|table| Unlinked(unsafe { table.exchange(position, hash, entry) }))
    }

    pub(super) fn take_out(&mut self, position: u32) -> Option<Unlinked<E>> {
        self.live -= 1;
        // SAFETY: as above; the slot has an entry.
        unsafe { self.table?.take_out(position) }.map(Unlinked)
    }

    /// The entry that goes next: the first one from the hand on that was not hit since the hand has passed it.
    pub(super) fn victim(&mut self) -> Option<u32> {
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
    pub(super) fn next_in_round(&mut self) -> Option<(u32, bool)> {
        let table = self.table?;
        // SAFETY: as above.
        unsafe {
            let next = table.next_taken(self.round).or_else(|| table.next_taken(0))?;
            self.round = next + 1;
            Some((next, table.peek(next).is_over()))
        }
    }

    /// Whether most of the table is for entries that are gone.
    pub(super) fn is_sparse(&self) -> bool {
        // SAFETY: as above.
        let slots = self.table.map_or(0, |table| unsafe { table.slots() });
        slots > MOST_SPARSE && self.live < slots / 8
    }

    /// A table of the same entries with room for more, or only without forgotten slots if there are many.
    pub(super) fn bigger(&self, rehash: impl Fn(&E) -> u64) -> Option<Table<E>> {
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
    pub(super) fn adopt(&mut self, bigger: Table<E>) -> Option<Replaced<E>> {
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
