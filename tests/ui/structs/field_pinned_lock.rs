use memo_runtime::memoize;
use std::pin::Pin;
use std::sync::Mutex;

#[memoize]
struct Shape {
    side: Pin<Box<Mutex<u64>>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
