use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
struct Shape<T: ?Sized> {
    side: (Cell<u64>, Box<T>), //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<T: ?Sized> Shape<T> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
