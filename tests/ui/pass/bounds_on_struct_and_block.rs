use memo_runtime::memoize;

use std::hash::Hash;

#[memoize]
#[derive(Debug, Clone, PartialEq)]
struct Shape<T: Copy, const N: usize> {
    sides: [T; N],
}

#[memoize]
impl<T: Copy + Hash + Eq + Into<u64>, const N: usize> Shape<T, N> {
    #[memoize]
    fn total(&self, by: T) -> u64 {
        self.sides.iter().map(|side| (*side).into()).sum::<u64>() * by.into()
    }

    fn set(&mut self, side: T) {
        self.sides = [side; N];
    }
}

fn main() {}
