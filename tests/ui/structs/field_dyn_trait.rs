use memo_runtime::memoize;
use std::rc::Rc;

trait Side {
    fn length(&self) -> u64;
}

#[memoize]
struct Shape {
    side: Rc<dyn Side>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
