//! What the ports of hand-written caches need: random numbers, and a count of the bodies that ran on this thread.

use std::cell::Cell;

thread_local! {
    static BODIES: Cell<usize> = const { Cell::new(0) };
}

/// A memoized body runs.
pub fn body() {
    BODIES.set(BODIES.get() + 1);
}

/// How many memoized bodies run in `code`.
pub fn bodies<T>(code: impl FnOnce() -> T) -> usize {
    let before = BODIES.get();
    code();
    BODIES.get() - before
}

/// Xorshift.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    #[allow(dead_code, reason = "not all ports have floats")]
    pub fn float(&mut self) -> f64 {
        self.below(1000) as f64 / 100.0
    }
}
