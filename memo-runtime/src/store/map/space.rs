//! What is in a table, and where does the next entry go?
//!
//! A [`Space`] owns its table and the entries in it. Who has a reference to it has the writer's lock, or owns it.

use super::{
    item::Item,
    table::{Owned, Unlinked, Vacancy, View},
};
use crate::store::drop_each;

/// A table and what is in it: one generation of a map, from the first entry to a clearing.
pub struct Space<E: Item> {
    table: Option<Owned<E>>,
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

    #[inline]
    fn view(&self) -> Option<View<'_, E>> {
        self.table.as_ref().map(Owned::view)
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> u32 {
        self.view().map_or(0, View::slots)
    }

    /// Where an entry with that hash is that `same` accepts, or where it would go: nowhere without a table.
    #[inline]
    pub(super) fn seek(
        &self,
        hash: u64,
        same: impl FnMut(&E) -> bool,
    ) -> Result<u32, Option<Vacancy>> {
        let Some(view) = self.view() else { return Err(None) };
        view.seek(hash, same).map(|found| found.position).map_err(Some)
    }

    /// The entry in a slot that has one.
    ///
    /// # Panics
    ///
    /// If it has none.
    #[inline]
    pub(super) fn entry_at(&self, position: u32) -> &E {
        match self.view() {
            Some(view) => view.entry_at(position),
            None => unreachable!("a position is one in a table"),
        }
    }

    pub(super) fn vacancy(&self, hash: u64) -> Option<Vacancy> {
        self.view().map(|view| view.vacancy(hash))
    }

    #[inline]
    pub(super) fn can_put(&self, vacancy: Vacancy) -> bool {
        vacancy.is_gone || self.room > 0
    }

    /// Writes an entry to a vacant slot; which one that is.
    #[inline]
    pub(super) fn put(&mut self, vacancy: Vacancy, hash: u64, entry: E) -> u32 {
        let Some(table) = &mut self.table else { unreachable!("a vacancy is one of a table") };
        self.live += 1;
        self.room -= u32::from(!vacancy.is_gone);
        table.put(vacancy, hash, entry)
    }

    pub(super) fn exchange(&mut self, position: u32, hash: u64, entry: E) -> Option<Unlinked<E>> {
        self.table.as_mut().map(|table| table.exchange(position, hash, entry))
    }

    pub(super) fn take_out(&mut self, position: u32) -> Option<Unlinked<E>> {
        self.live -= 1;
        self.table.as_mut()?.take_out(position)
    }

    /// The entry that goes next: the first one from the hand on that was not hit since the hand has passed it.
    pub(super) fn victim(&mut self) -> Option<u32> {
        let table = self.table.as_mut()?;
        // Readers may hit all of them, again and again.
        let mut spared = 0;
        loop {
            let Some(position) = table.view().next_taken(self.hand) else {
                if self.live == 0 {
                    return None;
                }
                self.hand = 0;
                continue;
            };
            self.hand = position + 1;
            // Only tables whose entries are visited have a limit.
            if spared > self.live || !table.was_visited(position) {
                return Some(position);
            }
            spared += 1;
        }
    }

    /// The next entry on the way around the table, and whether it is over.
    pub(super) fn next_in_round(&mut self) -> Option<(u32, bool)> {
        let view = self.table.as_ref()?.view();
        let next = view.next_taken(self.round).or_else(|| view.next_taken(0))?;
        self.round = next + 1;
        Some((next, view.entry_at(next).is_over()))
    }

    /// Whether most of the table is for entries that are gone.
    pub(super) fn is_sparse(&self) -> bool {
        self.slots() > MOST_SPARSE && self.live < self.slots() / 8
    }

    /// A table of the same entries with room for more, or only without forgotten slots if there are many.
    pub(super) fn bigger(&self, rehash: impl Fn(&E) -> u64) -> Option<Owned<E>> {
        let Some(table) = &self.table else { return Owned::new(FEWEST_SLOTS) };
        let slots = match self.slots() {
            slots if self.live >= most_used(slots) / 4 * 3 => slots.checked_mul(2)?,
            slots if E::EXPIRES && self.is_sparse() => slots / 4,
            slots => slots,
        };
        if slots > MOST_SLOTS {
            return None;
        }
        table.copy(slots, rehash)
    }

    /// Makes that table the space's own; the one before.
    pub(super) fn adopt(&mut self, bigger: Owned<E>) -> Option<Owned<E>> {
        self.room = most_used(bigger.view().slots()) - self.live;
        self.hand = 0;
        self.round = 0;
        self.table.replace(bigger)
    }
}

impl<E: Item> Drop for Space<E> {
    fn drop(&mut self) {
        if E::inline() {
            // Such entries need no drop.
            return;
        }
        // The table is freed after its entries, also if the `Drop` of one panics.
        let Some(table) = &mut self.table else { return };
        let mut position = 0;
        drop_each(|| {
            position = table.view().next_taken(position)?;
            table.take_out(position)
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
