//! A dynamic program, as one would write it without thinking about tables, timed against the table written by hand.
//!
//! The memoized method borrows two words and is called with two numbers; its table is a field of the instance and goes
//! with it. Run it with `cargo run --release --example edit_distance`. It checks itself.

use std::{cell::RefCell, collections::HashMap, time::Instant};

use memo_runtime::memoize;

/// Two words, and how far they are from each other.
#[memoize]
struct Alignment<'a> {
    left: &'a [u8],
    right: &'a [u8],
}

#[memoize]
impl<'a> Alignment<'a> {
    fn new(left: &'a str, right: &'a str) -> Self {
        Self { left: left.as_bytes(), right: right.as_bytes() }
    }

    /// How many letters have to be inserted, removed or replaced between the first `i` and the first `j` letters.
    #[memoize]
    fn distance(&self, i: usize, j: usize) -> usize {
        if i == 0 || j == 0 {
            return i + j;
        }
        let replaced = usize::from(self.left[i - 1] != self.right[j - 1]);
        (self.distance(i - 1, j - 1) + replaced)
            .min(self.distance(i - 1, j) + 1)
            .min(self.distance(i, j - 1) + 1)
    }

    fn whole(&self) -> usize {
        // In rows, so that no recursion is deeper than one level.
        for i in 0..=self.left.len() {
            for j in 0..=self.right.len() {
                self.distance(i, j);
            }
        }
        self.distance(self.left.len(), self.right.len())
    }
}

/// The same by hand.
struct ByHand<'a> {
    left: &'a [u8],
    right: &'a [u8],
    table: RefCell<HashMap<(usize, usize), usize>>,
}

impl ByHand<'_> {
    fn distance(&self, i: usize, j: usize) -> usize {
        if let Some(known) = self.table.borrow().get(&(i, j)) {
            return *known;
        }
        let result = if i == 0 || j == 0 {
            i + j
        } else {
            let replaced = usize::from(self.left[i - 1] != self.right[j - 1]);
            (self.distance(i - 1, j - 1) + replaced)
                .min(self.distance(i - 1, j) + 1)
                .min(self.distance(i, j - 1) + 1)
        };
        self.table.borrow_mut().insert((i, j), result);
        result
    }

    fn whole(&self) -> usize {
        for i in 0..=self.left.len() {
            for j in 0..=self.right.len() {
                self.distance(i, j);
            }
        }
        self.distance(self.left.len(), self.right.len())
    }
}

/// A text that looks random, and is always the same.
fn text(len: usize, mut seed: u32) -> String {
    let letters = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from(seed >> 28).unwrap_or(0))
    });
    letters.take(len).collect()
}

fn main() {
    for (left, right) in [("kitten", "sitting"), ("memo", "memory"), ("", "abc")] {
        let pair = Alignment::new(left, right);
        println!("{left:?} -> {right:?}: {}", pair.whole());
    }
    assert_eq!(Alignment::new("kitten", "sitting").whole(), 3);

    let (left, right) = (text(600, 1), text(600, 2));
    let start = Instant::now();
    let pair = Alignment::new(&left, &right);
    let memoized = pair.whole();
    let memo = start.elapsed();

    let start = Instant::now();
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let by_hand = ByHand { left, right, table: RefCell::default() }.whole();
    let hand = start.elapsed();

    assert_eq!(memoized, by_hand);
    assert_eq!(pair.distance_cache().len(), 601 * 601);
    println!("two texts of 600 letters, {} states: {memoized}", pair.distance_cache().len());
    println!("   memoized            {memo:>9.1?}");
    println!("   std HashMap by hand {hand:>9.1?}");
}
