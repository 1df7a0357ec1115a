//! What does the holder of the writer's lock do with a table?
//!
//! It keeps the invariants of [`super`].

use std::{
    ptr,
    sync::atomic::Ordering::{Relaxed, Release},
};

use super::{
    super::{
        group::{GONE, WIDTH, tag_of},
        item::Item,
    },
    Apart, Steps, Table,
};

/// The methods are unsafe to call unless the table is alive and, for those that say so, the lock is held.
impl<E: Item> Table<E> {
    /// Writes an entry to a vacant slot, and lets readers see it. For the holder of the lock.
    #[inline]
    pub(in crate::store::map) unsafe fn put(self, position: u32, hash: u64, entry: E) -> *mut E {
        // SAFETY: the table is alive, and nobody reads the slot: it was never used, or no reader looks at entries in slots.
        unsafe {
            let target = if E::inline() {
                let target = self.inline_at(position);
                target.write(entry);
                target
            } else {
                let apart = Apart::new(hash, entry);
                (*self.apart_at(position)).store(apart, Release);
                &raw mut (*apart).entry
            };
            if E::VISITS {
                (*self.visited_at(position)).store(0, Relaxed);
            }
            self.set_tag(position, tag_of(hash));
            target
        }
    }

    /// Puts an entry in the place of another one with that hash, which lies apart: that one. For the holder of the lock.
    pub(in crate::store::map) unsafe fn exchange(
        self,
        position: u32,
        hash: u64,
        entry: E,
    ) -> *mut Apart<E> {
        // SAFETY: the table is alive, and its slots are pointers.
        unsafe {
            let slot = &*self.apart_at(position);
            let old = slot.load(Relaxed);
            slot.store(Apart::new(hash, entry), Release);
            old
        }
    }

    /// Takes the entry out of its slot; it, if it lies apart. For the holder of the lock.
    pub(in crate::store::map) unsafe fn take_out(self, position: u32) -> Option<*mut Apart<E>> {
        // SAFETY: the table is alive, and has an entry there.
        unsafe {
            self.set_tag(position, GONE);
            if E::inline() { None } else { Some((*self.apart_at(position)).load(Relaxed)) }
        }
    }

    /// Sets the tag of a slot. For the holder of the lock.
    #[inline]
    pub(super) unsafe fn set_tag(self, position: u32, tag: u8) {
        // SAFETY: the table is alive and has that slot.
        unsafe { self.tags(position / WIDTH) }.set(position % WIDTH, tag);
    }

    /// The first slot with an entry from that one on; where the search ends, the number of slots. For the holder of the lock.
    pub(in crate::store::map) unsafe fn next_taken(self, mut position: u32) -> Option<u32> {
        // SAFETY: the table is alive.
        unsafe {
            while position < self.slots() {
                let tags = self.tags(position / WIDTH).load();
                let group = position / WIDTH * WIDTH;
                if let Some(found) = tags.taken().from(position % WIDTH).first() {
                    return Some(group + found);
                }
                position = group + WIDTH;
            }
            None
        }
    }

    /// The entry in a slot that has one. For the holder of the lock, for as long as the entry stays there.
    pub(in crate::store::map) unsafe fn peek<'t>(self, position: u32) -> &'t E {
        // SAFETY: the table is alive, and has a whole entry there.
        unsafe {
            if E::inline() {
                &*self.inline_at(position)
            } else {
                &(*(*self.apart_at(position)).load(Relaxed)).entry
            }
        }
    }

    /// Whether the entry was hit since this was asked the last time. For the holder of the lock.
    pub(in crate::store::map) unsafe fn was_visited(self, position: u32) -> bool {
        // SAFETY: the table is alive, and its entries are visited.
        let visited = unsafe { &*self.visited_at(position) };
        let was = visited.load(Relaxed) != 0;
        visited.store(0, Relaxed);
        was
    }

    /// Sets the tag of a slot for an entry that will be written to it. For tables that nobody else sees and nothing was taken from.
    #[inline]
    unsafe fn take_first(self, hash: u64) -> u32 {
        // SAFETY: the table is alive.
        unsafe {
            let mut steps = Steps::new(hash, self.header().mask);
            loop {
                if let Some(position) = self.tags(steps.group).take_first(tag_of(hash)) {
                    return steps.group * WIDTH + position;
                }
                steps.advance();
            }
        }
    }

    /// Copies the slots with entries to a bigger table that nobody else sees yet. `hash` gives the hash of an entry that
    /// lies in its slot. For the holder of the lock.
    pub(in crate::store::map) unsafe fn copy_to(self, bigger: Self, hash: impl Fn(&E) -> u64) {
        // SAFETY: both tables are alive, and the other one has more slots than there are entries. Entries that lie in slots may
        // be duplicated (`item`); readers go on to use those here, which stay as they are.
        unsafe {
            for group in 0..=self.header().mask {
                for position in self.tags(group).load().taken() {
                    let from = group * WIDTH + position;
                    let to = if E::inline() {
                        let entry = self.inline_at(from);
                        let to = bigger.take_first(hash(&*entry));
                        ptr::copy_nonoverlapping(entry, bigger.inline_at(to), 1);
                        to
                    } else {
                        let apart = (*self.apart_at(from)).load(Relaxed);
                        let to = bigger.take_first((*apart).hash);
                        (*bigger.apart_at(to)).store(apart, Relaxed);
                        to
                    };
                    if E::VISITS {
                        let visited = (*self.visited_at(from)).load(Relaxed);
                        (*bigger.visited_at(to)).store(visited, Relaxed);
                    }
                }
            }
        }
    }

    /// The entry in a slot that has one, for who owns the table.
    pub(in crate::store::map) unsafe fn owned(self, position: u32) -> Option<*mut Apart<E>> {
        // SAFETY: the table is alive, and has an entry there.
        if E::inline() { None } else { Some(unsafe { &*self.apart_at(position) }.load(Relaxed)) }
    }
}
