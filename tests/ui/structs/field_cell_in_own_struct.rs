use memo_runtime::memoize;
use std::cell::Cell;

struct Side {
    length: Cell<u64>,
}

#[memoize]
struct Shape {
    side: Side, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
