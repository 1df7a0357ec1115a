//! How do tables and entries lie in memory, and how is an entry found without a lock?
//!
//! A table is one allocation, addressed by its header:
//!
//! ```text
//! [slot n] … [slot 1] [slot 0] [header] [group 0] [group 1] … [visited 0] [visited 1] …
//!                              ^ its address
//! ```
//!
//! A slot is an entry, or a pointer to one that lies apart; [`Item::inline`] chooses. For eight slots there is a group of
//! tags ([`super::group`]); only tags are zeroed. Whether an entry was hit is noted for policies that ask for it.
//!
//! A search begins at the group that the hash says, and ends at the first one with an empty slot; the steps get longer by one
//! each time, which leads to all groups, as their number is a power of two.
//!
//! # Invariants
//!
//! - A table has at least one empty slot, so searches end. Slots beyond the number that was asked for are `GONE` from the
//!   start.
//! - A slot with the tag of an entry was written before (release), and its entry is not moved, changed or dropped until the
//!   tag is replaced and every reader who could have seen it has gone ([`crate::reclaim`]); the same holds for a table. A slot
//!   that entries lie in is never used twice, unless nobody reads beside the holder of the lock ([`Item::reuses`]).
//! - A pointer in a slot whose tag was once seen leads to a whole entry, though perhaps to another one with another tag.
//! - Tags and slots are only stored to through `&mut` of the [`Owned`] table, which the holder of the writer's lock has.

mod memory;
mod owned;

use std::{
    marker::PhantomData,
    mem::size_of,
    ptr::NonNull,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

pub(super) use self::owned::{Owned, Unlinked};
use super::{
    group::{Group, Steps, Tags, WIDTH, tag_of},
    item::Item,
};
use crate::{
    store::Look,
    sync::{AtomicPtr, AtomicU8, Watched},
};

/// What a table starts with.
#[repr(C, align(16))]
pub(super) struct Header<E> {
    /// Of groups.
    mask: u32,
    slots: u32,
    watched: Watched,
    entries: PhantomData<*mut E>,
}

/// An entry that lies apart.
struct Apart<E> {
    hash: u64,
    watched: Watched,
    entry: E,
}

/// A table that stays for `'t`, with every entry that is found in it.
pub(super) struct View<'t, E> {
    header: NonNull<Header<E>>,
    seen: PhantomData<&'t E>,
}

impl<E> Clone for View<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for View<'_, E> {}

/// An entry that was found.
pub(super) struct Found<'t, E> {
    view: View<'t, E>,
    pub(super) position: u32,
    pub(super) entry: &'t E,
}

/// Where a key that is not there would go.
#[derive(Clone, Copy)]
pub(super) struct Vacancy {
    position: u32,
    /// Whether the slot was used before.
    pub(super) is_gone: bool,
}

impl<E: Item> Found<'_, E> {
    /// Notes that the entry was hit, if that matters.
    #[inline]
    pub(super) fn visit(&self) {
        if E::VISITS {
            // SAFETY: the entry is in a slot of the table.
            let visited = unsafe { self.view.visited_at(self.position) };
            // Lines that need not change stay with all who read them.
            if visited.load(Relaxed) == 0 {
                visited.store(1, Relaxed);
            }
        }
    }
}

impl<'t, E: Item> View<'t, E> {
    /// # Safety
    ///
    /// It is null, or the address of a table that stays for `'t`, with every entry that is found in it.
    #[inline]
    pub(super) unsafe fn from_raw(header: *mut Header<E>) -> Option<Self> {
        // SAFETY: the caller's promise.
        NonNull::new(header).map(|header| unsafe { Self::of(header) })
    }

    /// # Safety
    ///
    /// As for [`View::from_raw`].
    #[inline]
    unsafe fn of(header: NonNull<Header<E>>) -> Self {
        Self { header, seen: PhantomData }
    }

    #[inline]
    fn header(self) -> &'t Header<E> {
        // SAFETY: the table is alive.
        let header = unsafe { self.header.as_ref() };
        header.watched.used();
        header
    }

    #[inline]
    pub(super) fn slots(self) -> u32 {
        self.header().slots
    }

    /// # Safety
    ///
    /// The table has that group.
    #[inline]
    unsafe fn tags(self, group: u32) -> &'t Tags {
        // SAFETY: the table is alive, and the tags follow its header, which is a multiple of their alignment long.
        unsafe { self.header.add(1).cast::<Tags>().add(group as usize).as_ref() }
    }

    /// The slot, if entries lie in slots: they precede the header, the first one next to it.
    ///
    /// # Safety
    ///
    /// The table has that slot, and entries lie in slots.
    #[inline]
    unsafe fn inline_at(self, position: u32) -> *mut E {
        // SAFETY: the caller's promise.
        unsafe { self.header.cast::<E>().sub(position as usize + 1).as_ptr() }
    }

    /// [`View::inline_at`] for the tag whose highest bit is that one of its group. Where entries are of whole words, the number
    /// of the bit need not be divided to be multiplied again.
    ///
    /// # Safety
    ///
    /// As for [`View::inline_at`].
    #[inline]
    unsafe fn inline_at_bit(self, group: u32, bit: u32) -> *mut E {
        const BITS: usize = 8;
        let size = size_of::<E>();
        // SAFETY: the caller's promise.
        unsafe {
            if size % BITS != 0 {
                return self.inline_at(group * WIDTH + bit / 8);
            }
            let before = group as usize * (WIDTH as usize * size) + bit as usize * (size / BITS);
            // The highest bit of a tag is its last one.
            let own = size - (BITS - 1) * (size / BITS);
            self.header.byte_sub(before + own).cast().as_ptr()
        }
    }

    /// The slot, if it is a pointer.
    ///
    /// # Safety
    ///
    /// The table has that slot, and slots are pointers.
    #[inline]
    unsafe fn apart_at(self, position: u32) -> *mut AtomicPtr<Apart<E>> {
        // SAFETY: the caller's promise.
        unsafe { self.header.cast::<AtomicPtr<Apart<E>>>().sub(position as usize + 1).as_ptr() }
    }

    /// Whether the entry in a slot was hit.
    ///
    /// # Safety
    ///
    /// The table has that slot, and its entries are visited.
    #[inline]
    unsafe fn visited_at(self, position: u32) -> &'t AtomicU8 {
        // SAFETY: this follows the tags, and is never written but as an atomic.
        unsafe {
            let groups = self.header().mask as usize + 1;
            let visited = self.header.add(1).cast::<Tags>().add(groups).cast::<AtomicU8>();
            visited.add(position as usize).as_ref()
        }
    }

    /// The entry in a slot, unless its hash is another one.
    ///
    /// # Safety
    ///
    /// The tag of an entry was seen in that slot.
    #[inline]
    unsafe fn entry(self, position: u32, hash: u64) -> Option<&'t E> {
        if E::inline() {
            // SAFETY: the entry was written before its tag.
            return Some(unsafe { &*self.inline_at(position) });
        }
        // SAFETY: by the invariants the pointer leads to a whole entry.
        let apart = unsafe { &*(*self.apart_at(position)).load(Acquire) };
        apart.watched.used();
        if apart.hash == hash { Some(&apart.entry) } else { None }
    }

    /// The entry in a slot that has one.
    ///
    /// # Panics
    ///
    /// If it has none.
    pub(super) fn entry_at(self, position: u32) -> &'t E {
        assert!(self.is_taken(position), "the slot has an entry");
        // SAFETY: it has, and the table stays as it is while it is borrowed by the holder of the lock.
        unsafe {
            if E::inline() {
                &*self.inline_at(position)
            } else {
                &(*(*self.apart_at(position)).load(Acquire)).entry
            }
        }
    }

    /// Whether the table has that slot, and an entry in it.
    fn is_taken(self, position: u32) -> bool {
        // SAFETY: there is a group for each slot.
        position < self.slots()
            && unsafe { self.tags(position / WIDTH) }.load().is_taken(position % WIDTH)
    }

    /// The entry with that hash that `same` accepts. `same` may be any code.
    #[inline]
    pub(super) fn find(self, hash: u64, same: impl FnMut(&'t E) -> bool) -> Option<Found<'t, E>> {
        self.search(hash, same).ok()
    }

    /// A look at the likeliest group only. `same` may be any code.
    #[inline]
    pub(super) fn look(self, hash: u64, mut same: impl FnMut(&'t E) -> bool) -> Look<Found<'t, E>> {
        let group = Steps::new(hash, self.header().mask).group;
        // SAFETY: the steps lead to groups of the table.
        let tags = unsafe { self.tags(group) }.load();
        if let Some(bit) = tags.with(tag_of(hash)).first_bit() {
            let position = group * WIDTH + bit / 8;
            // SAFETY: the tag was seen.
            let entry = unsafe {
                if E::inline() {
                    Some(&*self.inline_at_bit(group, bit))
                } else {
                    self.entry(position, hash)
                }
            };
            return match entry {
                Some(entry) if same(entry) => Look::Found(Found { view: self, position, entry }),
                _ => Look::Unsure,
            };
        }
        match tags.empty().first() {
            Some(position) => {
                self.prefetch(group * WIDTH + position);
                Look::Absent
            }
            None => Look::Unsure,
        }
    }

    /// Has the slot fetched that will be written.
    #[inline]
    fn prefetch(self, position: u32) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if E::inline() {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            // SAFETY: to fetch any address is harmless; this is that of a slot.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(self.inline_at(position).cast()) };
        }
        #[cfg(not(all(target_arch = "x86_64", not(miri))))]
        let _ = position;
    }

    /// [`View::find`]; where there is no such entry, where the search ended.
    #[inline]
    fn search(
        self,
        hash: u64,
        mut same: impl FnMut(&'t E) -> bool,
    ) -> Result<Found<'t, E>, (Steps, Group)> {
        let tag = tag_of(hash);
        let mut steps = Steps::new(hash, self.header().mask);
        loop {
            // SAFETY: the steps lead to groups of the table.
            let tags = unsafe { self.tags(steps.group) }.load();
            for position in tags.with(tag) {
                let position = steps.group * WIDTH + position;
                // SAFETY: the tag was seen.
                if let Some(entry) = unsafe { self.entry(position, hash) } {
                    if same(entry) {
                        return Ok(Found { view: self, position, entry });
                    }
                }
            }
            if tags.empty().first().is_some() {
                return Err((steps, tags));
            }
            steps.advance();
        }
    }

    /// Where an entry is that `same` accepts, or where it would go. For the holder of the lock.
    #[inline]
    pub(super) fn seek(
        self,
        hash: u64,
        same: impl FnMut(&'t E) -> bool,
    ) -> Result<Found<'t, E>, Vacancy> {
        match self.search(hash, same) {
            Ok(found) => Ok(found),
            // An earlier group may have a vacant slot, too.
            Err((steps, _)) if E::reuses() && steps.stride > 0 => Err(self.vacancy(hash)),
            Err((steps, tags)) => match self.vacancy_in(steps.group, tags) {
                Some(vacancy) => Err(vacancy),
                None => unreachable!("a search ends at an empty slot"),
            },
        }
    }

    /// Where an entry goes whose key is not there. For the holder of the lock.
    pub(super) fn vacancy(self, hash: u64) -> Vacancy {
        let mut steps = Steps::new(hash, self.header().mask);
        loop {
            // SAFETY: the steps lead to groups of the table.
            let tags = unsafe { self.tags(steps.group) }.load();
            if let Some(vacancy) = self.vacancy_in(steps.group, tags) {
                return vacancy;
            }
            steps.advance();
        }
    }

    /// Where an entry would go in that group.
    #[inline]
    fn vacancy_in(self, group: u32, tags: Group) -> Option<Vacancy> {
        if !E::reuses() {
            let position = group * WIDTH + tags.empty().first()?;
            return Some(Vacancy { position, is_gone: false });
        }
        let first = tags.vacant().first()?;
        let position = group * WIDTH + first;
        // Slots that are not there are as if gone.
        if position < self.slots() {
            Some(Vacancy { position, is_gone: tags.is_gone(first) })
        } else {
            None
        }
    }

    /// The first slot with an entry from that one on. For the holder of the lock.
    pub(super) fn next_taken(self, mut position: u32) -> Option<u32> {
        while position < self.slots() {
            // SAFETY: there is a group for each slot.
            let tags = unsafe { self.tags(position / WIDTH) }.load();
            let group = position / WIDTH * WIDTH;
            if let Some(found) = tags.taken().from(position % WIDTH).first() {
                return Some(group + found);
            }
            position = group + WIDTH;
        }
        None
    }
}
