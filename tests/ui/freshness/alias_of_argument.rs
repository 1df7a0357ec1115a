use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

type Exclusive<'a> = &'a mut Shape;

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    fn grow(shape: Exclusive<'_>) { //~ ERROR behind this type is an instance, `&mut Shape`, which could change unseen
        shape.side += 1;
    }
}

fn main() {}
