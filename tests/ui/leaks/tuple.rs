use memo_runtime::memoize;
use std::rc::Rc;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn root(self: Rc<Self>) -> (u64, Rc<Self>) { //~ ERROR
        (self.side, self)
    }
}

fn main() {}
