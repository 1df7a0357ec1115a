use memo_runtime::memoize;
use std::cell::Cell;

struct Side<T> {
    length: T,
}

#[memoize]
struct Shape {
    side: Side<Cell<u64>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
