use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<const N: usize> {
    side: [Cell<u64>; N], //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<const N: usize> Shape<N> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
