use memo_runtime::memoize;
use std::rc::Rc;

#[memoize]
#[derive(Clone)]
struct S {
    x: u32,
}

#[memoize]
impl S {
    #[memoize]
    fn double(&self) -> u32 {
        self.x * 2
    }
    fn set(self: &mut Rc<Self>, x: u32) { //~ ERROR the instance could change unseen through this receiver
        Rc::make_mut(self).x = x;
    }
}

fn main() {}
