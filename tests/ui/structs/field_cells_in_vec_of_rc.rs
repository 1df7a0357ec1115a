use memo_runtime::memoize;
use std::cell::RefCell;
use std::rc::Rc;

#[memoize]
struct Shape {
    side: Vec<Rc<RefCell<u64>>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
