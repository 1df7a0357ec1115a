use memo_runtime::memoize;
use std::rc::Rc;

#[memoize]
#[derive(Clone, PartialEq, Eq, Hash)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn with(&self, other: Rc<Self>) -> u64 { //~ ERROR
        self.side + other.side
    }
}

fn main() {}
