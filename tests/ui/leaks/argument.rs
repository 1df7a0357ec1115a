//! Two instances that are asked for each other, or one for itself, would keep each other alive.
use memo_runtime::memoize;
use std::rc::Rc;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unsync, key(side: u64 = other.side))]
    fn larger(&self, other: &Rc<Self>) -> Option<Rc<Self>> { //~ ERROR a cached result could hold its own instance
        (other.side > self.side).then(|| Rc::clone(other))
    }
}

fn main() {}
