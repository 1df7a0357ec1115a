//! What does a table take of the heap, and how is it given back?
//!
//! Nothing here knows of entries in slots; the invariants are those of [`super`].

use std::{
    alloc::{self, Layout},
    marker::PhantomData,
    mem::size_of,
    ptr::{self, NonNull},
};

use super::{
    super::{
        group::{GONE, Tags, WIDTH},
        item::{Item, MOST_ALIGNED},
    },
    Apart, Header, Owned,
};
use crate::sync::{AtomicPtr, AtomicU8, Watched};

/// Room for `slots` slots, a power of two; `None` if there cannot be so many.
pub(super) fn allocate<E: Item>(slots: u32) -> Option<Owned<E>> {
    let (layout, offset) = layout::<E>(slots)?;
    let groups = groups_for(slots);
    // SAFETY: the size is not zero: it includes a header.
    let start = unsafe { alloc::alloc(layout) };
    let Some(start) = NonNull::new(start) else { alloc::handle_alloc_error(layout) };
    #[allow(clippy::cast_ptr_alignment, reason = "the layout has the header's alignment")]
    // SAFETY: the header lies at `offset` in the allocation.
    let header = unsafe { start.add(offset) }.cast::<Header<E>>();
    // SAFETY: these are the header and what follows it, of which nothing else knows yet; models also need pointers that are
    // initialised.
    unsafe {
        let watched = Watched::default();
        header.write(Header { mask: groups - 1, slots, watched, entries: PhantomData });
        let tags = header.add(1).cast::<Tags>();
        for group in 0..groups as usize {
            tags.add(group).write(Tags::new());
        }
        for position in slots..groups * WIDTH {
            let tags = tags.add((position / WIDTH) as usize).as_ref();
            tags.store(tags.load().with_tag(position % WIDTH, GONE));
        }
        if E::VISITS {
            let visited = tags.add(groups as usize).cast::<AtomicU8>();
            for position in 0..groups * WIDTH {
                visited.add(position as usize).write(AtomicU8::new(0));
            }
        }
        if cfg!(loom) && !E::inline() {
            let first = header.cast::<AtomicPtr<Apart<E>>>();
            for position in 0..slots as usize {
                first.sub(position + 1).write(AtomicPtr::new(ptr::null_mut()));
            }
        }
        Some(Owned::from_raw(header))
    }
}

/// Frees the table, but no entries that lie apart.
///
/// # Safety
///
/// The header came from [`allocate`], and nothing leads to it any more.
pub(super) unsafe fn free<E: Item>(header: NonNull<Header<E>>) {
    // SAFETY: the caller's promise.
    unsafe {
        header.as_ref().watched.freed();
        if let Some((layout, offset)) = layout::<E>(header.as_ref().slots) {
            alloc::dealloc(header.cast::<u8>().sub(offset).as_ptr(), layout);
        }
    }
}

/// How much memory a table takes, without entries that lie apart.
pub(super) fn bytes<E: Item>(slots: u32) -> usize {
    layout::<E>(slots).map_or(0, |(layout, _)| layout.size())
}

fn layout<E: Item>(slots: u32) -> Option<(Layout, usize)> {
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

/// How many groups there are for so many slots.
fn groups_for(slots: u32) -> u32 {
    slots.div_ceil(WIDTH)
}
