use memo_runtime::memoize;
use std::rc::Rc;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn root(self: Rc<Self>) -> (u64, Rc<Self>) { //~ ERROR a cached result cannot hold its own instance
        (self.side, self)
    }
}

fn main() {}
