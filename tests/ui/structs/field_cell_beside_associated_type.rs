use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<I: Iterator> {
    side: (I::Item, Cell<u64>), //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<I: Iterator> Shape<I> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
