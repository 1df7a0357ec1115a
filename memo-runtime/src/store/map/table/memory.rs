//! What does a table take of the heap, and how is it given back?
//!
//! Nothing here knows of entries in slots; the invariants are those of [`super`].

use std::{
    alloc::{self, Layout},
    marker::PhantomData,
    mem::size_of,
    ptr,
};

use super::{
    super::{
        group::{GONE, Tags, WIDTH},
        item::{Item, MOST_ALIGNED},
    },
    Apart, Header, Table,
};
use crate::sync::{AtomicPtr, AtomicU8, Watched};

/// The methods are unsafe to call unless the table is alive and, for those that free, the caller owns it.
impl<E: Item> Table<E> {
    /// Room for `slots` slots, a power of two; `None` if there cannot be so many.
    pub(in crate::store::map) fn allocate(slots: u32) -> Option<Self> {
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
    pub(in crate::store::map) unsafe fn free(self) {
        // SAFETY: the caller owns the table, which was allocated with this layout.
        unsafe {
            (*self.0).watched.freed();
            if let Some((layout, offset)) = Self::layout(self.slots()) {
                alloc::dealloc(self.0.cast::<u8>().sub(offset), layout);
            }
        }
    }

    /// Drops and frees an entry that lies apart.
    pub(in crate::store::map) unsafe fn free_apart(apart: *mut Apart<E>) {
        // SAFETY: the caller owns the entry, which came from `Apart::new`.
        let apart = unsafe { Box::from_raw(apart) };
        apart.watched.freed();
        drop(apart);
    }

    /// How much memory the table takes, without entries that lie apart.
    pub(in crate::store::map) unsafe fn bytes(self) -> usize {
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
}

/// How many groups there are for so many slots.
fn groups_for(slots: u32) -> u32 {
    slots.div_ceil(WIDTH)
}
