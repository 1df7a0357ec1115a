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

use std::{
    alloc::{self, Layout},
    marker::PhantomData,
    mem::size_of,
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

use super::{
    group::{GONE, Group, Tags, WIDTH, tag_of},
    item::{Item, MOST_ALIGNED},
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

    /// Room for `slots` slots, a power of two; `None` if there cannot be so many.
    pub(super) fn allocate(slots: u32) -> Option<Self> {
        let (layout, offset) = Self::layout(slots)?;
        let groups = groups_for(slots);
        // SAFETY: the size is not zero: it includes a header.
        let start = unsafe { alloc::alloc(layout) };
        if start.is_null() {
            alloc::handle_alloc_error(layout);
        }
        #[allow(clippy::cast_ptr_alignment, reason = "the layout has the header's alignment")]
        // SAFETY: the header lies at `offset` in the allocation.
        let header = unsafe { start.add(offset) }.cast::<Header<E>>();
        let table = Self(header);
        // SAFETY: these are the header and what follows it; models also need pointers that are initialised.
        unsafe {
            let watched = Watched::default();
            header.write(Header { mask: groups - 1, slots, watched, entries: PhantomData });
            let tags = table.0.add(1).cast::<Tags>();
            for group in 0..groups as usize {
                tags.add(group).write(Tags::new());
            }
            for position in slots..groups * WIDTH {
                table.set_tag(position, GONE);
            }
            if E::VISITS {
                for position in 0..groups * WIDTH {
                    table.visited_at(position).write(AtomicU8::new(0));
                }
            }
            if cfg!(loom) && !E::inline() {
                for position in 0..slots {
                    table.apart_at(position).write(AtomicPtr::new(ptr::null_mut()));
                }
            }
        }
        Some(table)
    }

    /// Frees the table, but no entries that lie apart.
    pub(super) unsafe fn free(self) {
        // SAFETY: the caller owns the table, which was allocated with this layout.
        unsafe {
            (*self.0).watched.freed();
            if let Some((layout, offset)) = Self::layout(self.slots()) {
                alloc::dealloc(self.0.cast::<u8>().sub(offset), layout);
            }
        }
    }

    /// Drops and frees an entry that lies apart.
    pub(super) unsafe fn free_apart(apart: *mut Apart<E>) {
        // SAFETY: the caller owns the entry, which came from `Apart::new`.
        let apart = unsafe { Box::from_raw(apart) };
        apart.watched.freed();
        drop(apart);
    }

    /// How much memory the table takes, without entries that lie apart.
    pub(super) unsafe fn bytes(self) -> usize {
        // SAFETY: the table is alive.
        Self::layout(unsafe { self.slots() }).map_or(0, |(layout, _)| layout.size())
    }

    fn layout(slots: u32) -> Option<(Layout, usize)> {
        const { assert!(size_of::<Header<()>>() == MOST_ALIGNED || cfg!(loom)) };
        let groups = groups_for(slots) as usize;
        let before = if E::inline() {
            Layout::array::<E>(slots as usize)
        } else {
            Layout::array::<AtomicPtr<Apart<E>>>(slots as usize)
        };
        let header = Layout::new::<Header<E>>();
        let before = before.ok()?.align_to(header.align()).ok()?.pad_to_align();
        let (layout, offset) = before.extend(header).ok()?;
        let (layout, _) = layout.extend(Layout::array::<Tags>(groups).ok()?).ok()?;
        let visited = if E::VISITS { groups * WIDTH as usize } else { 0 };
        let (layout, _) = layout.extend(Layout::array::<AtomicU8>(visited).ok()?).ok()?;
        Some((layout, offset))
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

    /// Writes an entry to a vacant slot, and lets readers see it. For the holder of the lock.
    #[inline]
    pub(super) unsafe fn put(self, position: u32, hash: u64, entry: E) -> *mut E {
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
    pub(super) unsafe fn exchange(self, position: u32, hash: u64, entry: E) -> *mut Apart<E> {
        // SAFETY: the table is alive, and its slots are pointers.
        unsafe {
            let slot = &*self.apart_at(position);
            let old = slot.load(Relaxed);
            slot.store(Apart::new(hash, entry), Release);
            old
        }
    }

    /// Takes the entry out of its slot; it, if it lies apart. For the holder of the lock.
    pub(super) unsafe fn take_out(self, position: u32) -> Option<*mut Apart<E>> {
        // SAFETY: the table is alive, and has an entry there.
        unsafe {
            self.set_tag(position, GONE);
            if E::inline() { None } else { Some((*self.apart_at(position)).load(Relaxed)) }
        }
    }

    /// Sets the tag of a slot. For the holder of the lock.
    #[inline]
    unsafe fn set_tag(self, position: u32, tag: u8) {
        // SAFETY: the table is alive and has that slot.
        unsafe { self.tags(position / WIDTH) }.set(position % WIDTH, tag);
    }

    /// The first slot with an entry from that one on; where the search ends, the number of slots. For the holder of the lock.
    pub(super) unsafe fn next_taken(self, mut position: u32) -> Option<u32> {
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
    pub(super) unsafe fn peek<'t>(self, position: u32) -> &'t E {
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
    pub(super) unsafe fn was_visited(self, position: u32) -> bool {
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
    pub(super) unsafe fn copy_to(self, bigger: Self, hash: impl Fn(&E) -> u64) {
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
    pub(super) unsafe fn owned(self, position: u32) -> Option<*mut Apart<E>> {
        // SAFETY: the table is alive, and has an entry there.
        if E::inline() { None } else { Some(unsafe { &*self.apart_at(position) }.load(Relaxed)) }
    }
}

/// How many groups there are for so many slots.
fn groups_for(slots: u32) -> u32 {
    slots.div_ceil(WIDTH)
}
