use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<'a> {
    side: &'a Cell<u64>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<'a> Shape<'a> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
