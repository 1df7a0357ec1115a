use std::rc::Rc;

use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    fn grow(mut shape: Rc<Self>) -> Rc<Self> { //~ ERROR an instance could change unseen through this argument
        Rc::make_mut(&mut shape).side += 1;
        shape
    }
}

fn main() {}
