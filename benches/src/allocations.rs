//! How much does a piece of code allocate? An allocator that counts for each thread.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

/// The system's allocator, counting.
pub struct Counting;

fn count(bytes: i64) {
    if bytes > 0 {
        CALLS.set(CALLS.get() + 1);
    }
    LIVE.set(LIVE.get() + bytes);
}

#[allow(clippy::cast_possible_wrap, reason = "no allocation is that large")]
const fn signed(bytes: usize) -> i64 {
    bytes as i64
}

// SAFETY: all calls go on to the system's allocator unchanged; the counters are plain cells, which do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(-signed(layout.size()));
        count(signed(size));
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How often this thread has allocated.
pub fn calls() -> u64 {
    CALLS.get()
}

/// How many bytes this thread has allocated and not freed.
pub fn live() -> i64 {
    LIVE.get()
}

/// What `work` returns, and how many bytes more are allocated after it.
pub fn bytes_of<R>(work: impl FnOnce() -> R) -> (R, i64) {
    let before = live();
    let result = work();
    (result, live() - before)
}
