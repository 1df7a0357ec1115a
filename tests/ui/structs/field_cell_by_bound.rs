use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<I: Iterator<Item = Cell<u64>>> {
    side: Option<I::Item>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<I: Iterator<Item = Cell<u64>>> Shape<I> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
