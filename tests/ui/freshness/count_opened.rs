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

    fn grow(self: Rc<Self>) -> Rc<Self> { //~ ERROR the instance could change unseen through this receiver
        let mut this = self;
        Rc::make_mut(&mut this).side += 1;
        this
    }
}

fn main() {}
