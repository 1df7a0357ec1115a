use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape {
    side: Result<Cell<u64>, String>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
