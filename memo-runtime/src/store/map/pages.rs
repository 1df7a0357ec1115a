//! How do look-ups in a big table cost fewer page walks?
//!
//! By huge pages, where the kernel gives them on request: a look-up in a table of a million entries touches two random
//! places, and with small pages each is a miss of the address translation too, which costs as much as the access.

use std::alloc::{self, Layout};

/// The size and alignment of a huge page.
const HUGE: usize = 2 << 20;

/// The same layout, aligned for huge pages if it is big.
pub(super) fn aligned(layout: Layout) -> Layout {
    if cfg!(all(target_os = "linux", not(miri))) && layout.size() >= 2 * HUGE {
        layout.align_to(HUGE).unwrap_or(layout)
    } else {
        layout
    }
}

/// Memory of that layout, which is to be freed by [`alloc::dealloc`].
///
/// # Safety
///
/// The size is not zero.
pub(super) unsafe fn allocate(layout: Layout, zeroed: bool) -> *mut u8 {
    let huge = layout.align() == HUGE;
    let start = if zeroed && !huge {
        // SAFETY: the caller's.
        unsafe { alloc::alloc_zeroed(layout) }
    } else {
        // SAFETY: the caller's.
        unsafe { alloc::alloc(layout) }
    };
    if start.is_null() {
        alloc::handle_alloc_error(layout);
    }
    if huge {
        #[cfg(all(target_os = "linux", not(miri)))]
        // SAFETY: the range is that of the allocation. The advice changes how it is mapped, never what is in it; that
        // it may be refused is all the same.
        unsafe {
            libc::madvise(start.cast(), layout.size() / HUGE * HUGE, libc::MADV_HUGEPAGE);
        }
        if zeroed {
            // SAFETY: as above. Only now, so that the pages are taken huge.
            unsafe { start.write_bytes(0, layout.size()) };
        }
    }
    start
}
