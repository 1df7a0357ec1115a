//! What does the owner of a table do with it, while others may read it?
//!
//! The owner is the holder of the writer's lock. What is done here keeps the invariants of [`super`] whatever the caller asks
//! for: a slot is written only if it is vacant, and an entry taken out only where one is.
//!
//! What readers may still hold is not freed here: it is returned, as an [`Owned`] table that another one has taken the place of, or
//! as an [`Unlinked`] entry. Whoever drops these has seen that no reader is left.

use std::{
    ptr::{self, NonNull},
    sync::atomic::Ordering::{Relaxed, Release},
};

use super::{
    super::{
        group::{GONE, Steps, WIDTH, tag_of},
        item::Item,
    },
    Apart, Header, Vacancy, View, memory,
};
use crate::sync::Watched;

/// A table. Frees it when dropped, but no entries that lie apart.
pub struct Owned<E: Item>(NonNull<Header<E>>);

impl<E: Item> Drop for Owned<E> {
    fn drop(&mut self) {
        // SAFETY: it is owned, and whoever drops this has seen that no reader is left.
        unsafe { memory::free(self.0) };
    }
}

/// An entry that lies apart, and that no slot leads to any more.
pub struct Unlinked<E: Item>(*mut Apart<E>);

impl<E: Item> Drop for Unlinked<E> {
    fn drop(&mut self) {
        // SAFETY: no other value was made of the entry, and whoever drops this has seen that no reader is left.
        let apart = unsafe { Box::from_raw(self.0) };
        apart.watched.freed();
        drop(apart);
    }
}

fn apart<E>(hash: u64, entry: E) -> *mut Apart<E> {
    Box::into_raw(Box::new(Apart { hash, watched: Watched::default(), entry }))
}

impl<E: Item> Owned<E> {
    /// A table of `slots` slots, a power of two; `None` if there cannot be so many.
    pub(in crate::store::map) fn new(slots: u32) -> Option<Self> {
        memory::allocate(slots)
    }

    /// # Safety
    ///
    /// It is the address of a table that nobody else owns.
    pub(super) unsafe fn from_raw(header: NonNull<Header<E>>) -> Self {
        Self(header)
    }

    /// What readers find it by.
    pub(in crate::store::map) fn as_raw(&self) -> *mut Header<E> {
        self.0.as_ptr()
    }

    #[inline]
    pub(in crate::store::map) fn view(&self) -> View<'_, E> {
        // SAFETY: the table is alive, and its entries leave it only through `&mut self`.
        unsafe { View::of(self.0) }
    }

    pub(in crate::store::map) fn bytes(&self) -> usize {
        memory::bytes::<E>(self.view().slots())
    }

    /// Writes an entry to a vacant slot, and lets readers see it; which slot that is.
    #[inline]
    pub(in crate::store::map) fn put(&mut self, vacancy: Vacancy, hash: u64, entry: E) -> u32 {
        let (position, view) = (vacancy.position, self.view());
        assert!(position < view.slots(), "a vacancy is one of the table");
        // SAFETY: there is a group for each slot.
        let tags = unsafe { view.tags(position / WIDTH) };
        let before = tags.load();
        // Nobody reads the slot: it was never used, or no reader looks at entries in slots.
        let is_vacant = if E::reuses() {
            !before.is_taken(position % WIDTH)
        } else {
            before.is_empty(position % WIDTH)
        };
        assert!(is_vacant, "the slot is vacant");
        // SAFETY: the table has the slot, and nobody reads it.
        unsafe {
            if E::inline() {
                view.inline_at(position).write(entry);
            } else {
                (*view.apart_at(position)).store(apart(hash, entry), Release);
            }
            if E::VISITS {
                view.visited_at(position).store(0, Relaxed);
            }
        }
        tags.store(before.with_tag(position % WIDTH, tag_of(hash)));
        position
    }

    /// Puts an entry in the place of another one with that hash: that one. For entries that lie apart.
    pub(in crate::store::map) fn exchange(
        &mut self,
        position: u32,
        hash: u64,
        entry: E,
    ) -> Unlinked<E> {
        let view = self.view();
        assert!(!E::inline() && view.is_taken(position), "the slot has an entry, which lies apart");
        // SAFETY: the table has the slot, which is a pointer.
        let slot = unsafe { &*view.apart_at(position) };
        let old = slot.load(Relaxed);
        slot.store(apart(hash, entry), Release);
        Unlinked(old)
    }

    /// Takes the entry out of its slot; it, if it lies apart.
    pub(in crate::store::map) fn take_out(&mut self, position: u32) -> Option<Unlinked<E>> {
        assert!(self.view().is_taken(position), "the slot has an entry");
        self.set_tag(position, GONE);
        if E::inline() {
            return None;
        }
        // SAFETY: the table has the slot, which is a pointer.
        Some(Unlinked(unsafe { &*self.view().apart_at(position) }.load(Relaxed)))
    }

    #[inline]
    fn set_tag(&mut self, position: u32, tag: u8) {
        // SAFETY: callers have seen that the table has the slot.
        let tags = unsafe { self.view().tags(position / WIDTH) };
        tags.store(tags.load().with_tag(position % WIDTH, tag));
    }

    /// Whether the entry was hit since this was asked the last time.
    pub(in crate::store::map) fn was_visited(&mut self, position: u32) -> bool {
        assert!(E::VISITS && position < self.view().slots(), "visits of the slot are noted");
        // SAFETY: the table has the slot, and its entries are visited.
        let visited = unsafe { self.view().visited_at(position) };
        let was = visited.load(Relaxed) != 0;
        visited.store(0, Relaxed);
        was
    }

    /// Sets the tag of a slot for an entry that will be written to it: nobody else sees the table, and nothing was taken from it.
    #[inline]
    fn take_first(&mut self, hash: u64) -> u32 {
        let view = self.view();
        let mut steps = Steps::new(hash, view.header().mask);
        loop {
            // SAFETY: the steps lead to groups of the table.
            if let Some(position) = unsafe { view.tags(steps.group) }.take_first(tag_of(hash)) {
                return steps.group * WIDTH + position;
            }
            steps.advance();
        }
    }

    /// A table of `slots` slots, more than there are entries, which has these entries, too. `hash` gives the hash of an entry that
    /// lies in its slot. This one is only to be read and dropped after that.
    pub(in crate::store::map) fn copy(&self, slots: u32, hash: impl Fn(&E) -> u64) -> Option<Self> {
        let mut bigger = Self::new(slots)?;
        let view = self.view();
        for group in 0..=view.header().mask {
            // SAFETY: both tables have the slots. Entries that lie in slots may be duplicated (`item`); readers go on to use those
            // here, which stay as they are.
            unsafe {
                for position in view.tags(group).load().taken() {
                    let from = group * WIDTH + position;
                    let to = if E::inline() {
                        let entry = view.inline_at(from);
                        let to = bigger.take_first(hash(&*entry));
                        ptr::copy_nonoverlapping(entry, bigger.view().inline_at(to), 1);
                        to
                    } else {
                        let apart = (*view.apart_at(from)).load(Relaxed);
                        let to = bigger.take_first((*apart).hash);
                        (*bigger.view().apart_at(to)).store(apart, Relaxed);
                        to
                    };
                    if E::VISITS {
                        let visited = view.visited_at(from).load(Relaxed);
                        bigger.view().visited_at(to).store(visited, Relaxed);
                    }
                }
            }
        }
        Some(bigger)
    }
}
