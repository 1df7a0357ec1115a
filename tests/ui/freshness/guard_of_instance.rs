use std::cell::RefMut;

use memo_runtime::memoize;

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

    fn grow(mut shape: RefMut<'_, Self>) { //~ ERROR an instance could change unseen through this argument
        shape.side += 1;
    }
}

fn main() {}
