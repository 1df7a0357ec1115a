use memo_runtime::memoize;
use std::sync::{Mutex, Weak};

#[memoize]
struct Shape {
    side: Weak<Mutex<u64>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
