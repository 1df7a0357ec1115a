use memo_runtime::memoize;
use std::sync::atomic::AtomicU32;

#[memoize]
struct Shape {
    side: &'static AtomicU32, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
