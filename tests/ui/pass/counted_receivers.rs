//! What a counted receiver may return: `Weak`, an error that is not kept, and with `&self` any trait object.

use memo_runtime::memoize;
use std::{
    error::Error,
    rc::{Rc, Weak},
};

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn weak(self: Rc<Self>) -> Weak<Self> {
        Rc::downgrade(&self)
    }
    #[memoize]
    fn checked(self: &Rc<Self>) -> Result<u64, Box<dyn Error>> {
        Ok(self.side.checked_mul(2).ok_or("too large")?)
    }
    #[memoize]
    fn scale(&self) -> Rc<dyn Fn(u64) -> u64> {
        let side = self.side;
        Rc::new(move |by| by * side)
    }
}

fn main() {
    let shape = Rc::new(Shape { side: 2, memo: Default::default() });
    assert!(shape.clone().weak().upgrade().is_some());
    assert_eq!((shape.checked().unwrap(), shape.scale()(3)), (4, 6));
    drop(Rc::downgrade(&shape).upgrade());
    let weak = Rc::downgrade(&shape);
    drop(shape);
    assert!(weak.upgrade().is_none());
}
