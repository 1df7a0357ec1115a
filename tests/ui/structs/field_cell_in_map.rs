use memo_runtime::memoize;
use std::cell::Cell;
use std::collections::BTreeMap;

#[memoize]
struct Shape {
    side: BTreeMap<u64, Cell<u64>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
