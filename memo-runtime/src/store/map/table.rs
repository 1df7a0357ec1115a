//! How do tables and entries lie in memory, and how is an entry found without a lock?
//!
//! A table is one allocation, addressed by its header:
//!
//! ```text
//! [slot n] … [slot 1] [slot 0] [header] [group 0] [group 1] … [visited 0] [visited 1] …
//!                              ^ Table
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
//! - Tags and slots are only stored to by the holder of the writer's lock.

mod memory;
mod writing;

use std::{
    marker::PhantomData,
    mem::size_of,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

use super::{
    group::{Group, Tags, WIDTH, tag_of},
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
pub(super) struct Apart<E> {
    hash: u64,
    watched: Watched,
    pub(super) entry: E,
}

/// A pointer to a table's header. Owns nothing.
pub(super) struct Table<E>(*mut Header<E>);

impl<E> Clone for Table<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Table<E> {}

/// Where an entry was found.
pub(super) struct Found<E> {
    pub(super) position: u32,
    pub(super) entry: *mut E,
}

/// Where a key that is not there would go.
#[derive(Clone, Copy)]
pub(super) struct Vacancy {
    pub(super) position: u32,
    /// Whether the slot was used before.
    pub(super) is_gone: bool,
}

impl<E> Apart<E> {
    pub(super) fn new(hash: u64, entry: E) -> *mut Self {
        Box::into_raw(Box::new(Self { hash, watched: Watched::default(), entry }))
    }
}

/// The groups that a search comes to.
struct Steps {
    group: u32,
    stride: u32,
    mask: u32,
}

impl Steps {
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the low bits are what is taken")]
    fn new(hash: u64, mask: u32) -> Self {
        Self { group: hash as u32 & mask, stride: 0, mask }
    }

    #[inline]
    fn advance(&mut self) {
        self.stride += 1;
        self.group = (self.group + self.stride) & self.mask;
    }
}

/// The methods are unsafe to call unless the table is alive and, for those that say so, the lock is held.
impl<E: Item> Table<E> {
    #[inline]
    pub(super) fn from_raw(header: *mut Header<E>) -> Option<Self> {
        if header.is_null() { None } else { Some(Self(header)) }
    }

    pub(super) fn as_raw(self) -> *mut Header<E> {
        self.0
    }

    #[inline]
    unsafe fn header<'t>(self) -> &'t Header<E> {
        // SAFETY: the table is alive.
        let header = unsafe { &*self.0 };
        header.watched.used();
        header
    }

    pub(super) unsafe fn slots(self) -> u32 {
        // SAFETY: the table is alive.
        unsafe { self.header() }.slots
    }

    #[inline]
    unsafe fn tags<'t>(self, group: u32) -> &'t Tags {
        // SAFETY: the table is alive, and the tags follow its header, which is a multiple of their alignment long.
        unsafe { &*self.0.add(1).cast::<Tags>().add(group as usize) }
    }

    /// The slot, if entries lie in slots: they precede the header, the first one next to it.
    #[inline]
    unsafe fn inline_at(self, position: u32) -> *mut E {
        // SAFETY: the table is alive and has that slot.
        unsafe { self.0.cast::<E>().sub(position as usize + 1) }
    }

    /// [`Table::inline_at`] for the tag whose highest bit is that one of its group. Where entries are of whole words, the number
    /// of the bit need not be divided to be multiplied again.
    #[inline]
    unsafe fn inline_at_bit(self, group: u32, bit: u32) -> *mut E {
        const BITS: usize = 8;
        let size = size_of::<E>();
        // SAFETY: the table is alive and has that slot.
        unsafe {
            if size % BITS != 0 {
                return self.inline_at(group * WIDTH + bit / 8);
            }
            let before = group as usize * (WIDTH as usize * size) + bit as usize * (size / BITS);
            // The highest bit of a tag is its last one.
            let own = size - (BITS - 1) * (size / BITS);
            self.0.byte_sub(before + own).cast()
        }
    }

    /// The slot, if it is a pointer.
    #[inline]
    unsafe fn apart_at(self, position: u32) -> *mut AtomicPtr<Apart<E>> {
        // SAFETY: as above.
        unsafe { self.0.cast::<AtomicPtr<Apart<E>>>().sub(position as usize + 1) }
    }

    /// If entries are visited.
    unsafe fn visited_at(self, position: u32) -> *mut AtomicU8 {
        // SAFETY: the table is alive, and this follows its tags.
        unsafe {
            let groups = (*self.0).mask as usize + 1;
            self.0.add(1).cast::<Tags>().add(groups).cast::<AtomicU8>().add(position as usize)
        }
    }

    /// Notes that the entry was hit, if that matters.
    #[inline]
    pub(super) unsafe fn visit(self, position: u32) {
        if E::VISITS {
            // SAFETY: the table is alive and has that slot.
            let visited = unsafe { &*self.visited_at(position) };
            // Lines that need not change stay with all who read them.
            if visited.load(Relaxed) == 0 {
                visited.store(1, Relaxed);
            }
        }
    }

    /// The entry in a slot whose tag was seen, unless its hash is another one.
    #[inline]
    unsafe fn entry(self, position: u32, hash: u64) -> Option<*mut E> {
        if E::inline() {
            // SAFETY: the table is alive and has that slot.
            return Some(unsafe { self.inline_at(position) });
        }
        // SAFETY: by the invariants the pointer leads to a whole entry.
        let (apart, entry) = unsafe {
            let apart = (*self.apart_at(position)).load(Acquire);
            (&*apart, &raw mut (*apart).entry)
        };
        apart.watched.used();
        if apart.hash == hash { Some(entry) } else { None }
    }

    /// The entry with that hash that `same` accepts. `same` may be any code; the thread must be pinned.
    #[inline]
    pub(super) unsafe fn find(self, hash: u64, same: impl FnMut(&E) -> bool) -> Option<Found<E>> {
        // SAFETY: the table is alive and, as the thread is pinned, stays so with its entries.
        unsafe { self.search(hash, same) }.ok()
    }

    /// A look at the likeliest group only. `same` may be any code; the thread must be pinned.
    #[inline]
    pub(super) unsafe fn look(self, hash: u64, mut same: impl FnMut(&E) -> bool) -> Look<Found<E>> {
        // SAFETY: the table is alive and, as the thread is pinned, stays so with its entries.
        unsafe {
            let group = Steps::new(hash, self.header().mask).group;
            let tags = self.tags(group).load();
            if let Some(bit) = tags.with(tag_of(hash)).first_bit() {
                let position = group * WIDTH + bit / 8;
                let entry = if E::inline() {
                    Some(self.inline_at_bit(group, bit))
                } else {
                    self.entry(position, hash)
                };
                return match entry {
                    Some(entry) if same(&*entry) => Look::Found(Found { position, entry }),
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
    }

    /// Has the slot fetched that will be written.
    #[inline]
    unsafe fn prefetch(self, position: u32) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if E::inline() {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            // SAFETY: to fetch any address is harmless; this is that of a slot.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(self.inline_at(position).cast()) };
        }
        #[cfg(not(all(target_arch = "x86_64", not(miri))))]
        let _ = position;
    }

    /// [`Table::find`]; where there is no such entry, where the search ended.
    #[inline]
    unsafe fn search(
        self,
        hash: u64,
        mut same: impl FnMut(&E) -> bool,
    ) -> Result<Found<E>, (Steps, Group)> {
        // SAFETY: the table is alive; entries in it are whole, and stay so while the thread is pinned or has the lock.
        unsafe {
            let tag = tag_of(hash);
            let mut steps = Steps::new(hash, self.header().mask);
            loop {
                let tags = self.tags(steps.group).load();
                for position in tags.with(tag) {
                    let position = steps.group * WIDTH + position;
                    if let Some(entry) = self.entry(position, hash) {
                        if same(&*entry) {
                            return Ok(Found { position, entry });
                        }
                    }
                }
                if tags.empty().first().is_some() {
                    return Err((steps, tags));
                }
                steps.advance();
            }
        }
    }

    /// Where an entry is that `same` accepts, or where it would go. For the holder of the lock.
    #[inline]
    pub(super) unsafe fn seek(
        self,
        hash: u64,
        same: impl FnMut(&E) -> bool,
    ) -> Result<Found<E>, Vacancy> {
        // SAFETY: the table is alive, and the lock is held.
        unsafe {
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
    }

    /// Where an entry goes whose key is not there. For the holder of the lock.
    pub(super) unsafe fn vacancy(self, hash: u64) -> Vacancy {
        // SAFETY: the table is alive.
        unsafe {
            let mut steps = Steps::new(hash, self.header().mask);
            loop {
                let tags = self.tags(steps.group).load();
                if let Some(vacancy) = self.vacancy_in(steps.group, tags) {
                    return vacancy;
                }
                steps.advance();
            }
        }
    }

    /// Where an entry would go in that group.
    #[inline]
    unsafe fn vacancy_in(self, group: u32, tags: Group) -> Option<Vacancy> {
        if !E::reuses() {
            let position = group * WIDTH + tags.empty().first()?;
            return Some(Vacancy { position, is_gone: false });
        }
        let first = tags.vacant().first()?;
        let position = group * WIDTH + first;
        // SAFETY: the table is alive. Slots that are not there are as if gone.
        if position < unsafe { self.slots() } {
            Some(Vacancy { position, is_gone: tags.is_gone(first) })
        } else {
            None
        }
    }
}
