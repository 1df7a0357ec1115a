//! How do tables and entries lie in memory?
//!
//! A table is one allocation, addressed by its header:
//!
//! ```text
//! [chunk n] … [chunk 1] [chunk 0] [header] [slot 0] [slot 1] … [slot mask]
//!                                 ^ Table
//! ```
//!
//! There are two layouts; [`Item::inline`] chooses. Small entries that may be duplicated lie in the slots, each beside its
//! tag: to find one takes one access to memory. They are copied to a bigger table. Other entries lie in chunks of 4, 8, 16,
//! …; those with the indices `1 << n ..` in one chunk; a slot is a word with the index. A bigger table gets the same
//! chunks, so these entries never move.
//!
//! # Invariants
//!
//! - A table has `mask + 1` slots, a power of two, and at least one of them is [`EMPTY`](super::word::EMPTY), so probes end.
//! - A slot with a tag was stored to (release) after its entry was written, and, if it holds an index below `1 << n`,
//!   after the cell of chunk `n - 1` and all before it.
//! - An entry that a slot names is not moved, changed or dropped until the slot's word is replaced and every reader who
//!   could have seen it has gone; the same holds for a table and its chunks ([`crate::reclaim`]). A slot with an entry
//!   inside is never used for another one.
//! - Slots and cells are only stored to by the holder of the writer's lock.

use std::{
    alloc::{self, Layout},
    marker::PhantomData,
    mem::{MaybeUninit, size_of},
    num::NonZeroU32,
    sync::atomic::{
        AtomicPtr, AtomicU32, AtomicU64,
        Ordering::{self, Relaxed},
    },
};

use super::{
    item::{Item, MOST_ALIGNED},
    word::{MOST_SLOTS, index_in, tag_in},
};

/// The first index: that of the first entry in the chunk of four.
pub(super) const FIRST: u32 = 1 << FIRST_CHUNK;
pub(super) const FIRST_CHUNK: u32 = 2;

/// What a table starts with.
#[repr(C, align(16))]
pub(super) struct Header<E> {
    mask: u32,
    chunks: u32,
    entries: PhantomData<*mut E>,
}

/// A slot that an entry lies in.
#[repr(C)]
struct Inline<E> {
    tag: AtomicU32,
    entry: MaybeUninit<E>,
}

/// A pointer to a table's header. Owns nothing.
pub(super) struct Table<E>(*mut Header<E>);

impl<E> Clone for Table<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Table<E> {}

/// The methods are unsafe to call unless the table is alive and, for those that say so, the lock is held.
impl<E> Table<E> {
    #[inline]
    pub(super) fn from_raw(header: *mut Header<E>) -> Option<Self> {
        if header.is_null() { None } else { Some(Self(header)) }
    }

    pub(super) fn as_raw(self) -> *mut Header<E> {
        self.0
    }

    #[inline]
    pub(super) unsafe fn mask(self) -> u32 {
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
}

impl<E: Item> Table<E> {
    /// Room for `slots` slots and `chunks` chunks, or `None` if there cannot be so many.
    pub(super) fn allocate(slots: u32, chunks: u32) -> Option<Self> {
        if slots > MOST_SLOTS {
            return None;
        }
        let (layout, offset) = Self::layout(slots, chunks)?;
        // SAFETY: the size is not zero: it includes a header.
        let start = unsafe { alloc::alloc(layout) };
        if start.is_null() {
            alloc::handle_alloc_error(layout);
        }
        #[allow(clippy::cast_ptr_alignment, reason = "the layout has the header's alignment")]
        // SAFETY: the header lies at `offset` in the allocation.
        let header = unsafe { start.add(offset) }.cast::<Header<E>>();
        let end = offset + size_of::<Header<E>>();
        // Zero is a valid cell, and an empty slot. Not by `alloc_zeroed`: probes read before they write, and fresh memory
        // that is read first faults twice.
        // SAFETY: these are the parts of the allocation before the header, the header, and those after it.
        unsafe {
            start.write_bytes(0, offset);
            header.write(Header { mask: slots - 1, chunks, entries: PhantomData });
            start.add(end).write_bytes(0, layout.size() - end);
        }
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

    /// How much memory the table takes, without its chunks.
    pub(super) unsafe fn bytes(self) -> usize {
        // SAFETY: the table is alive.
        let layout = unsafe { Self::layout(self.slots(), self.chunks()) };
        layout.map_or(0, |(layout, _)| layout.size())
    }

    fn layout(slots: u32, chunks: u32) -> Option<(Layout, usize)> {
        let cells = Layout::array::<AtomicPtr<E>>(chunks as usize).ok()?;
        let header = Layout::new::<Header<E>>();
        let (layout, offset) =
            cells.align_to(header.align()).ok()?.pad_to_align().extend(header).ok()?;
        let slots = if E::inline() {
            Layout::array::<Inline<E>>(slots as usize)
        } else {
            Layout::array::<AtomicU64>(slots as usize)
        };
        let (layout, _) = layout.extend(slots.ok()?).ok()?;
        Some((layout, offset))
    }

    /// The slot, if entries lie in slots.
    #[inline]
    unsafe fn inline(self, position: u32) -> *mut Inline<E> {
        const { assert!(size_of::<Header<()>>() == MOST_ALIGNED) };
        // SAFETY: the table is alive, and slots follow its header, which is a multiple of their alignment long; the
        // position is at most the mask.
        unsafe { self.0.add(1).cast::<Inline<E>>().add(position as usize) }
    }

    /// The slot, if it is a word.
    #[inline]
    unsafe fn outline<'t>(self, position: u32) -> &'t AtomicU64 {
        // SAFETY: as above.
        unsafe { &*self.0.add(1).cast::<AtomicU64>().add(position as usize) }
    }

    /// What the slot says.
    #[inline]
    pub(super) unsafe fn word(self, position: u32, order: Ordering) -> u64 {
        if E::inline() {
            // SAFETY: the slot has this form, and the position is one of the table's.
            u64::from(unsafe { &(*self.inline(position)).tag }.load(order))
        } else {
            // SAFETY: as above.
            unsafe { self.outline(position) }.load(order)
        }
    }

    /// Sets what the slot says. For the holder of the lock.
    #[inline]
    pub(super) unsafe fn set(self, position: u32, word: u64, order: Ordering) {
        if E::inline() {
            // SAFETY: the slot has this form, and the position is one of the table's.
            unsafe { &(*self.inline(position)).tag }.store(tag_in(word), order);
        } else {
            // SAFETY: as above.
            unsafe { self.outline(position) }.store(word, order);
        }
    }

    /// The entry of the slot with that word, or where the writer is about to write it.
    #[inline]
    pub(super) unsafe fn entry(self, position: u32, word: u64) -> *mut E {
        if E::inline() {
            // SAFETY: the slot has this form, and the position is one of the table's.
            unsafe { (&raw mut (*self.inline(position)).entry).cast() }
        } else {
            // SAFETY: the word names the entry.
            unsafe { self.entry_at(index_in(word)) }
        }
    }

    /// The entry with that index, which a slot names or the writer is about to write.
    #[inline]
    pub(super) unsafe fn entry_at(self, index: u32) -> *mut E {
        // SAFETY: a named index is at least `FIRST`.
        let log = unsafe { NonZeroU32::new_unchecked(index) }.ilog2();
        // SAFETY: the chunk's cell was set before.
        let chunk = unsafe { self.cell(log) }.load(Relaxed);
        // SAFETY: the chunk has as many entries as its first index says, which is the highest bit.
        unsafe { chunk.add((index ^ 1 << log) as usize) }
    }

    /// The cell of the chunk of the indices `1 << log ..`.
    #[inline]
    pub(super) unsafe fn cell<'t>(self, log: u32) -> &'t AtomicPtr<E> {
        // SAFETY: the table is alive, and cells precede its header; the caller asks for one of them.
        unsafe { &*self.0.cast::<AtomicPtr<E>>().sub((log - (FIRST_CHUNK - 1)) as usize) }
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
        unsafe { self.cell(index.ilog2()) }.store(chunk, Relaxed);
        true
    }

    /// Frees the chunk whose first index is `index`, but drops no entries.
    pub(super) unsafe fn free_chunk(self, index: u32) {
        // SAFETY: the caller owns the chunk, which was allocated with this layout.
        unsafe {
            if let Some(layout) = chunk_layout::<E>(index) {
                alloc::dealloc(self.entry_at(index).cast(), layout);
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
