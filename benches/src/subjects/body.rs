//! What is memoized: bodies that cost nothing, so that only the caches are measured.

use std::cell::Cell;

pub const LARGE: usize = 4096;

/// A result that is not for cloning.
#[derive(Clone)]
pub struct Large(pub [u8; LARGE]);

thread_local! {
    static RUNS: Cell<u64> = const { Cell::new(0) };
}

pub fn none() -> u64 {
    0x9e37_79b9_7f4a_7c15
}

#[inline]
pub fn one(a: u64) -> u64 {
    a.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

pub fn three(a: u64, b: u64, c: u64) -> u64 {
    one(a) ^ one(b).rotate_left(7) ^ c
}

pub fn text(text: &str) -> u64 {
    text.bytes().fold(0, |sum, byte| one(sum ^ u64::from(byte)))
}

pub fn text_and_number(string: &str, number: u32) -> u64 {
    text(string) ^ u64::from(number)
}

pub fn slice(terms: &[f64]) -> u64 {
    terms.iter().sum::<f64>().to_bits()
}

pub fn large(a: u64) -> Large {
    Large([a.to_le_bytes()[0]; LARGE])
}

/// [`one`], counting how often it runs.
pub fn counted(a: u64) -> u64 {
    RUNS.set(RUNS.get() + 1);
    one(a)
}

/// How often [`counted`] has run in this thread.
pub fn runs() -> u64 {
    RUNS.get()
}
