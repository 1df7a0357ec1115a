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
}

trait Grow {
    fn grow(&mut self);
}

#[memoize]
impl Grow for Rc<Shape> { //~ ERROR the instance behind `Rc<Shape>` could change unseen
    fn grow(&mut self) {
        Rc::make_mut(self).side += 1;
    }
}

fn main() {}
