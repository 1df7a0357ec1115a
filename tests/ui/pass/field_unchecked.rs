use memo_runtime::memoize;
use std::sync::{Weak, atomic::AtomicU64};

#[memoize]
struct Shape {
    #[memoize(unchecked)]
    pub side: u64,
    #[memoize(unchecked)]
    scale: Box<dyn Fn(u64) -> u64>,
    #[memoize(unchecked)]
    calls: std::cell::Cell<u64>,
    #[memoize(unchecked)]
    pub(crate) total: (AtomicU64, Weak<u64>),
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        (self.scale)(self.side) + self.calls.get()
    }
}

fn main() {}
