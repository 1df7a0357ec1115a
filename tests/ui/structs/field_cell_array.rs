use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape {
    side: [Cell<u64>; 2], //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
