use memo_runtime::memoize;

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
}

trait Grow {
    fn grow(&mut self);
}

#[memoize]
impl Grow for (u8, Shape) { //~ ERROR the instance behind `(Shape,)` could change unseen
    fn grow(&mut self) {
        self.1.side += 1;
    }
}

#[memoize]
impl Grow for [Shape; 2] { //~ ERROR the instance behind `(Shape,)` could change unseen
    fn grow(&mut self) {
        self[0].side += 1;
    }
}

#[memoize]
impl Grow for [u8; 2] {
    fn grow(&mut self) {
        self[0] += 1;
    }
}

fn main() {}
