use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<T> {
    side: Vec<(T, Cell<u64>)>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<T> Shape<T> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
