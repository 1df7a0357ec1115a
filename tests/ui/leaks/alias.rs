//! What an alias stands for is asked of the compiler.
use memo_runtime::memoize;
use std::rc::Rc;

type Handle = Rc<Shape>;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unsync)]
    fn root(self: Rc<Self>) -> Handle { //~ ERROR a cached result cannot hold its own instance
        self
    }
}

fn main() {}
