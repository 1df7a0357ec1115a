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
    fn with(&self, other: Rc<Self>) -> u64 { //~ ERROR a shared instance cannot be part of an instance's key
        self.side + other.side
    }
}

fn main() {}
