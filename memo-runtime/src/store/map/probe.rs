//! How is an entry found without a lock?
//!
//! Slots are probed linearly from the tag's low bits, so that a bigger table is filled from the words alone.
//!
//! # Invariants
//!
//! Those of [`super::table`], and: an entry is in the slot where its probe starts, or no slot from there to its own is
//! [`EMPTY`]. A replaced entry's successor is published before the entry is taken out, so readers find one of them.

use std::{
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{
    item::Item,
    table::{FIRST_CHUNK, Table},
    word::{EMPTY, GONE, is_taken, tag_in},
};

/// How many slots are looked at without a branch.
const NEAR: u32 = 2;

/// Where an entry was found.
pub(super) struct Found<E> {
    pub(super) position: u32,
    pub(super) entry: *mut E,
}

/// Where a key that is not there would go.
#[derive(Clone, Copy)]
pub(super) struct Vacancy {
    pub(super) position: u32,
    /// The word in that slot: [`EMPTY`] or [`GONE`].
    pub(super) word: u64,
    /// Whether there is an entry that could, by its tag, have this key.
    pub(super) tagged: bool,
}

/// Where the entry with a key is, or would go: nowhere without a table.
pub(super) enum Site {
    Taken(u32),
    Vacant(Option<Vacancy>),
}

/// The methods are unsafe to call unless the table is alive and, for those that say so, the lock is held.
impl<E: Item> Table<E> {
    /// The entry with that tag that `same` accepts. `same` may be any code; the thread must be pinned.
    #[inline]
    pub(super) unsafe fn find(self, tag: u32, mut same: impl FnMut(&E) -> bool) -> Option<*mut E> {
        // SAFETY: the table is alive.
        let mask = unsafe { self.mask() };
        // Nearly all entries are in one of their first slots, but in which one no branch prediction can know, so it is
        // counted. An entry found here is the right one whatever lies before it.
        let (mut step, mut differ) = (0, 1);
        for near in 0..NEAR - 1 {
            // SAFETY: the position is masked.
            let word = unsafe { self.word(tag.wrapping_add(near) & mask, Relaxed) };
            differ &= u32::from(tag_in(word) != tag);
            step += differ;
        }
        let position = tag.wrapping_add(step) & mask;
        // SAFETY: as above. The acquire makes the slot's entry visible.
        let word = unsafe { self.word(position, Acquire) };
        if tag_in(word) == tag {
            // SAFETY: the slot has that entry, and the thread is pinned.
            let entry = unsafe { self.entry(position, word) };
            // SAFETY: as above; nobody has an exclusive reference to an entry that a slot has.
            if same(unsafe { &*entry }) {
                return Some(entry);
            }
        }
        // SAFETY: as above.
        unsafe { self.find_far(tag, same) }
    }

    /// [`Table::find`], slot by slot.
    unsafe fn find_far(self, tag: u32, mut same: impl FnMut(&E) -> bool) -> Option<*mut E> {
        // SAFETY: the table is alive.
        let mask = unsafe { self.mask() };
        let mut position = tag & mask;
        loop {
            // SAFETY: the position is masked. The acquire makes the slot's entry visible.
            let word = unsafe { self.word(position, Acquire) };
            if tag_in(word) == tag {
                // SAFETY: the slot has that entry, and the thread is pinned.
                let entry = unsafe { self.entry(position, word) };
                // SAFETY: as above.
                if same(unsafe { &*entry }) {
                    return Some(entry);
                }
            } else if word == EMPTY {
                return None;
            }
            position = (position + 1) & mask;
        }
    }

    /// All entries with that tag. For the holder of the lock.
    pub(super) unsafe fn for_each_tagged(self, tag: u32, mut each: impl FnMut(Found<E>)) {
        // SAFETY: the table is alive.
        let mask = unsafe { self.mask() };
        let mut position = tag & mask;
        loop {
            // SAFETY: the position is masked.
            let word = unsafe { self.word(position, Relaxed) };
            if tag_in(word) == tag {
                // SAFETY: the slot has that entry.
                let entry = unsafe { self.entry(position, word) };
                each(Found { position, entry });
            } else if word == EMPTY {
                return;
            }
            position = (position + 1) & mask;
        }
    }

    /// Where a new entry with that tag goes. For the holder of the lock.
    pub(super) unsafe fn vacancy(self, tag: u32) -> Vacancy {
        // SAFETY: the table is alive.
        let mask = unsafe { self.mask() };
        let mut position = tag & mask;
        let mut vacancy = None;
        let mut tagged = false;
        loop {
            // SAFETY: the position is masked.
            let word = unsafe { self.word(position, Relaxed) };
            if tag_in(word) == tag {
                tagged = true;
            } else if word == EMPTY {
                let (position, word) = vacancy.unwrap_or((position, word));
                return Vacancy { position, word, tagged };
            } else if word == GONE && vacancy.is_none() && !E::inline() {
                vacancy = Some((position, word));
            }
            position = (position + 1) & mask;
        }
    }

    /// Takes the entry out of its slot; whether the slot is as good as unused. For the holder of the lock.
    pub(super) unsafe fn unlink(self, position: u32) -> bool {
        // SAFETY: the table is alive, the position one of its own.
        unsafe {
            // A probe that passes this slot ends at the next one if that is empty, so it may as well end here. But readers
            // may still be looking at an entry inside.
            let next = (position + 1) & self.mask();
            let unused = !E::inline() && self.word(next, Relaxed) == EMPTY;
            self.set(position, if unused { EMPTY } else { GONE }, Release);
            unused
        }
    }

    /// Copies the chunks and the slots with entries to a bigger table that nobody else sees yet. The new position of
    /// what is at `position` here. For the holder of the lock.
    pub(super) unsafe fn copy_to(self, bigger: Self, position: u32) -> u32 {
        let mut there = position;
        // SAFETY: both tables are alive, and the other has at least as many chunks and more slots than there are entries.
        // Entries that lie in slots may be duplicated (`item`); readers go on to use those here, which stay as they are.
        unsafe {
            for log in FIRST_CHUNK..FIRST_CHUNK + self.chunks() {
                bigger.cell(log).store(self.cell(log).load(Relaxed), Relaxed);
            }
            let mask = bigger.mask();
            for from in 0..self.slots() {
                let word = self.word(from, Relaxed);
                if !is_taken(word) {
                    continue;
                }
                let mut to = tag_in(word) & mask;
                while bigger.word(to, Relaxed) != EMPTY {
                    to = (to + 1) & mask;
                }
                if E::inline() {
                    ptr::copy_nonoverlapping(self.entry(from, word), bigger.entry(to, word), 1);
                }
                bigger.set(to, word, Relaxed);
                if from == position {
                    there = to;
                }
            }
        }
        there
    }
}
