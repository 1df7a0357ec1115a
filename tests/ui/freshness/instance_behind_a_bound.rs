use memo_runtime::memoize;
use std::borrow::BorrowMut;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
    fn grow<X: AsMut<Self>>(x: &mut X) { //~ ERROR an instance could change unseen through this argument
        x.as_mut().side += 1;
    }
    fn grow_all<'a, I>(x: &mut I) //~ ERROR an instance could change unseen through this argument
    where
        I: Iterator<Item = &'a mut Self>,
    {
        for shape in x {
            shape.side += 1;
        }
    }
    fn grow_first<I, X>(x: &mut I) //~ ERROR an instance could change unseen through this argument
    where
        I: Iterator<Item = X>,
        X: BorrowMut<Self>,
    {
        if let Some(mut x) = x.next() {
            x.borrow_mut().side += 1;
        }
    }
    fn write<W: std::fmt::Write>(&self, to: &mut W) -> std::fmt::Result {
        let mut text = String::new();
        text += "a shape";
        to.write_str(&text)
    }
}

fn main() {}
