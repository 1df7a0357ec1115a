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

    fn grow(self: Exclusive<'_>) { //~ ERROR the instance could change unseen through this receiver
        self.side += 1;
    }
}

fn main() {}
