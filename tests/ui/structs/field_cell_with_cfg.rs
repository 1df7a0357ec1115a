use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape {
    #[cfg(all())]
    side: Cell<u64>, //~ ERROR this field can change through `&self` and leave stale results
    #[cfg(any())]
    side: Cell<u64>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
