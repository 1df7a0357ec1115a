use memo_runtime::memoize;
use std::sync::{Mutex, atomic::AtomicBool};

#[memoize]
struct Shape {
    side: (Mutex<u64>, AtomicBool, Mutex<u64>), //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
