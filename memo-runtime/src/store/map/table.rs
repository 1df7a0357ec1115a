//! How is an entry found without a lock?
//!
//! A table is one allocation, addressed by its header:
//!
//! ```text
//! [chunk n] … [chunk 1] [chunk 0] [header] [slot 0] [slot 1] … [slot mask]
//!                                 ^ Table
//! ```
//!
//! A slot is a word: a tag, which is half of the hash, and the index of an entry. Slots are probed linearly from the
//! tag's low bits, so that a bigger table is filled from the words alone. Entries lie in chunks of 4, 8, 16, …; those with
//! the indices `1 << n ..` in one chunk. A bigger table gets the same chunks, so entries never move.
//!
//! # Invariants
//!
//! - A table has `mask + 1` slots, a power of two, and at least one of them is [`EMPTY`], so probes end.
//! - A slot that holds an index below `1 << n` was stored (release) after its entry was written, and after the cell of
//!   chunk `n - 1` and all before it.
//! - An entry that a slot names is not moved, changed or dropped until the slot's word is replaced and every reader who
//!   could have seen it has gone; the same holds for a table and its chunks ([`crate::reclaim`]).
//! - Slots and cells are only stored to by the holder of the writer's lock.

use std::{
    alloc::{self, Layout},
    marker::PhantomData,
    mem::size_of,
    num::NonZeroU32,
    ptr,
    sync::atomic::{
        AtomicPtr, AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
};

/// A slot that has never been used.
pub(super) const EMPTY: u64 = 0;
/// A slot whose entry is forgotten. Its tag is no key's, its index no entry's.
pub(super) const GONE: u64 = 1 << 32;
/// The first index: that of the first entry in the chunk of four.
pub(super) const FIRST: u32 = 1 << FIRST_CHUNK;
const FIRST_CHUNK: u32 = 2;
/// The most slots that the tag's bits can address.
const MOST_SLOTS: u32 = 1 << 31;

/// How many slots are looked at without a branch.
const NEAR: u32 = 2;

/// The half of the hash that slots hold. Never zero, so that it differs from the tags of [`EMPTY`] and [`GONE`].
#[inline]
pub(super) fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32 | MOST_SLOTS
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the lower half is the tag")]
pub(super) fn tag_in(word: u64) -> u32 {
    word as u32
}

#[inline]
pub(super) fn index_in(word: u64) -> u32 {
    (word >> 32) as u32
}

#[inline]
pub(super) fn word_of(tag: u32, index: u32) -> u64 {
    u64::from(index) << 32 | u64::from(tag)
}

/// What a table starts with. `O` is the owner of all tables of one store.
#[repr(C, align(8))]
pub(super) struct Header<E, O> {
    owner: *const O,
    mask: u32,
    chunks: u32,
    entries: PhantomData<*mut E>,
}

/// A table without entries, which is part of its owner and never freed before it.
#[repr(C)]
pub(super) struct NoTable<E, O> {
    header: Header<E, O>,
    slot: AtomicU64,
}

impl<E, O> NoTable<E, O> {
    /// The owner is to be set by [`NoTable::set_owner`].
    pub(super) const fn new() -> Self {
        let header = Header { owner: ptr::null(), mask: 0, chunks: 0, entries: PhantomData };
        Self { header, slot: AtomicU64::new(EMPTY) }
    }

    pub(super) fn set_owner(&mut self, owner: *const O) {
        self.header.owner = owner;
    }

    pub(super) fn owner(&self) -> *const O {
        self.header.owner
    }

    /// For readers; nothing is written through the pointer but what is atomic.
    pub(super) fn as_table(&self) -> *mut Header<E, O> {
        (&raw const *self).cast_mut().cast()
    }
}

/// A pointer to a table's header. Owns nothing.
pub(super) struct Table<E, O>(*mut Header<E, O>);

impl<E, O> Clone for Table<E, O> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E, O> Copy for Table<E, O> {}

/// Where an entry was found.
pub(super) struct Found<E> {
    pub(super) position: u32,
    pub(super) word: u64,
    pub(super) entry: *mut E,
}

/// Where a key that is not there would go.
pub(super) struct Vacancy {
    pub(super) position: u32,
    /// The word in that slot: [`EMPTY`] or [`GONE`].
    pub(super) word: u64,
    /// Whether there is an entry that could, by its tag, have this key.
    pub(super) tagged: bool,
}

/// The methods are unsafe to call unless the table is alive and, for those that say so, the lock is held.
impl<E, O> Table<E, O> {
    #[inline]
    pub(super) fn from_raw(header: *mut Header<E, O>) -> Option<Self> {
        if header.is_null() { None } else { Some(Self(header)) }
    }

    pub(super) fn as_raw(self) -> *mut Header<E, O> {
        self.0
    }

    /// Room for `slots` slots and `chunks` chunks, or `None` if there cannot be so many.
    pub(super) fn allocate(owner: *const O, slots: u32, chunks: u32) -> Option<Self> {
        if slots > MOST_SLOTS {
            return None;
        }
        let (layout, offset) = Self::layout(slots, chunks)?;
        // SAFETY: the size is not zero: it includes a header.
        let start = unsafe { alloc::alloc_zeroed(layout) };
        if start.is_null() {
            alloc::handle_alloc_error(layout);
        }
        #[allow(clippy::cast_ptr_alignment, reason = "the layout has the header's alignment")]
        // SAFETY: the header lies at `offset` in the allocation.
        let header = unsafe { start.add(offset) }.cast::<Header<E, O>>();
        // SAFETY: as above. Zero is a valid cell, and an empty slot.
        unsafe { header.write(Header { owner, mask: slots - 1, chunks, entries: PhantomData }) };
        Some(Self(header))
    }

    /// Frees the table, but none of its chunks.
    pub(super) unsafe fn free(self) {
        // SAFETY: the caller owns the table, which was allocated with this layout.
        unsafe {
            if let Some((layout, offset)) = Self::layout(self.slots(), self.chunks()) {
                alloc::dealloc(self.0.cast::<u8>().sub(offset), layout);
            }
        }
    }

    fn layout(slots: u32, chunks: u32) -> Option<(Layout, usize)> {
        let cells = Layout::array::<AtomicPtr<E>>(chunks as usize).ok()?;
        let header = Layout::new::<Header<E, O>>();
        let (layout, offset) =
            cells.align_to(header.align()).ok()?.pad_to_align().extend(header).ok()?;
        let (layout, _) = layout.extend(Layout::array::<AtomicU64>(slots as usize).ok()?).ok()?;
        Some((layout, offset))
    }

    #[inline]
    pub(super) unsafe fn owner(self) -> *const O {
        // SAFETY: the table is alive.
        unsafe { (*self.0).owner }
    }

    #[inline]
    unsafe fn mask(self) -> u32 {
        // SAFETY: the table is alive.
        unsafe { (*self.0).mask }
    }

    pub(super) unsafe fn slots(self) -> u32 {
        // SAFETY: the table is alive.
        unsafe { self.mask() + 1 }
    }

    pub(super) unsafe fn chunks(self) -> u32 {
        // SAFETY: the table is alive.
        unsafe { (*self.0).chunks }
    }

    #[inline]
    pub(super) unsafe fn slot<'t>(self, position: u32) -> &'t AtomicU64 {
        const { assert!(size_of::<Header<(), ()>>() % 8 == 0) };
        // SAFETY: the table is alive, and slots follow its header; the position is at most the mask.
        unsafe { &*self.0.add(1).cast::<AtomicU64>().add(position as usize) }
    }

    /// The cell of the chunk of the indices `1 << log ..`. It points to where index 0 would lie if the chunk went that far.
    #[inline]
    unsafe fn cell<'t>(self, log: u32) -> &'t AtomicPtr<E> {
        // SAFETY: the table is alive, and cells precede its header; the caller asks for one of them.
        unsafe { &*self.0.cast::<AtomicPtr<E>>().sub((log - (FIRST_CHUNK - 1)) as usize) }
    }

    /// The entry with that index, which a slot names or the writer is about to write.
    #[inline]
    pub(super) unsafe fn entry(self, index: u32) -> *mut E {
        // SAFETY: a named index is at least `FIRST`.
        let log = unsafe { NonZeroU32::new_unchecked(index) }.ilog2();
        // SAFETY: the chunk's cell was set before.
        let origin = unsafe { self.cell(log) }.load(Relaxed);
        origin.wrapping_add(index as usize)
    }

    /// The entry with that tag that `same` accepts. `same` may be any code; the thread must be pinned.
    #[inline]
    pub(super) unsafe fn find(self, tag: u32, mut same: impl FnMut(&E) -> bool) -> Option<*mut E> {
        // SAFETY: the table is alive.
        let mask = unsafe { self.mask() };
        // Nearly all entries are in one of their first slots, but in which one no branch prediction can know. An entry
        // found here is the right one whatever lies before it.
        let word = (0..NEAR).rev().fold(EMPTY, |found, step| {
            // SAFETY: the position is masked. The acquire makes the entry that the slot names visible.
            let word = unsafe { self.slot(tag.wrapping_add(step) & mask) }.load(Acquire);
            if tag_in(word) == tag { word } else { found }
        });
        if word != EMPTY {
            // SAFETY: a slot names it, and the thread is pinned.
            let entry = unsafe { self.entry(index_in(word)) };
            // SAFETY: as above; nobody has an exclusive reference to an entry that a slot names.
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
            // SAFETY: the position is masked. The acquire makes the entry that the slot names visible.
            let word = unsafe { self.slot(position) }.load(Acquire);
            if tag_in(word) == tag {
                // SAFETY: a slot names it, and the thread is pinned.
                let entry = unsafe { self.entry(index_in(word)) };
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
            let word = unsafe { self.slot(position) }.load(Relaxed);
            if tag_in(word) == tag {
                // SAFETY: a slot names it.
                let entry = unsafe { self.entry(index_in(word)) };
                each(Found { position, word, entry });
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
            let word = unsafe { self.slot(position) }.load(Relaxed);
            if tag_in(word) == tag {
                tagged = true;
            } else if word == EMPTY {
                let (position, word) = vacancy.unwrap_or((position, word));
                return Vacancy { position, word, tagged };
            } else if word == GONE && vacancy.is_none() {
                vacancy = Some((position, word));
            }
            position = (position + 1) & mask;
        }
    }

    /// Takes the entry out of its slot; whether the slot is as good as unused. For the holder of the lock.
    pub(super) unsafe fn unlink(self, position: u32) -> bool {
        // SAFETY: the table is alive, the position one of its own.
        unsafe {
            // A probe that passes this slot ends at the next one if that is empty, so it may as well end here.
            let next = self.slot((position + 1) & self.mask()).load(Relaxed);
            let unused = next == EMPTY;
            self.slot(position).store(if unused { EMPTY } else { GONE }, Release);
            unused
        }
    }

    /// Copies the chunks and the words of the entries to a bigger table that nobody else sees yet. For the holder of the lock.
    pub(super) unsafe fn copy_to(self, bigger: Self) {
        // SAFETY: both tables are alive, and the other has at least as many chunks and more slots than there are entries.
        unsafe {
            for log in FIRST_CHUNK..FIRST_CHUNK + self.chunks() {
                bigger.cell(log).store(self.cell(log).load(Relaxed), Relaxed);
            }
            let mask = bigger.mask();
            for word in self.words() {
                let mut position = tag_in(word) & mask;
                while bigger.slot(position).load(Relaxed) != EMPTY {
                    position = (position + 1) & mask;
                }
                bigger.slot(position).store(word, Relaxed);
            }
        }
    }

    /// The words that name entries.
    pub(super) unsafe fn words(self) -> impl Iterator<Item = u64> {
        // SAFETY: the table is alive; the positions are its own.
        let slots = unsafe { self.slots() };
        (0..slots)
            // SAFETY: as above.
            .map(move |position| unsafe { self.slot(position) }.load(Relaxed))
            .filter(|&word| tag_in(word) != 0)
    }

    /// Makes room for the indices from `index` on, which is the first of its chunk; false if there cannot be so many.
    pub(super) unsafe fn add_chunk(self, index: u32) -> bool {
        let Some(layout) = chunk_layout::<E>(index) else { return false };
        // SAFETY: `chunk_layout` never gives a size of zero.
        let chunk = unsafe { alloc::alloc(layout) }.cast::<E>();
        if chunk.is_null() {
            alloc::handle_alloc_error(layout);
        }
        // SAFETY: the table is alive, and the caller has seen that it has this cell.
        unsafe { self.cell(index.ilog2()) }.store(chunk.wrapping_sub(index as usize), Relaxed);
        true
    }

    /// Frees the chunk whose first index is `index`, but drops no entries.
    pub(super) unsafe fn free_chunk(self, index: u32) {
        // SAFETY: the caller owns the chunk, which was allocated with this layout.
        unsafe {
            if let Some(layout) = chunk_layout::<E>(index) {
                alloc::dealloc(self.entry(index).cast(), layout);
            }
        }
    }

    /// Whether the table has a cell for the chunk with that index.
    pub(super) unsafe fn reaches(self, index: u32) -> bool {
        // SAFETY: the table is alive.
        chunks_for(index) <= unsafe { self.chunks() }
    }
}

/// How many chunks hold the indices up to this one.
pub(super) fn chunks_for(index: u32) -> u32 {
    index.ilog2() - (FIRST_CHUNK - 1)
}

/// Of the chunk that starts with that index and has as many entries.
fn chunk_layout<E>(index: u32) -> Option<Layout> {
    let entries = Layout::array::<E>(index as usize).ok()?;
    Layout::from_size_align(entries.size().max(1), entries.align()).ok()
}
