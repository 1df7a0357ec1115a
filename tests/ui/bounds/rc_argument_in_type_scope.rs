use memo_runtime::memoize;

use std::rc::Rc;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(unbounded)]
    fn convert(by: Rc<u64>) -> u64 { //~ ERROR threads cannot share this type-scoped cache
        *by
    }
}

fn main() {}
