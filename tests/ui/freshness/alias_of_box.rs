use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

type Owned = Box<Shape>;

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    fn grow(mut shape: Owned) -> Owned { //~ ERROR behind this type is an instance, `Box<Shape>`, which could change unseen
        shape.side += 1;
        shape
    }
}

fn main() {}
