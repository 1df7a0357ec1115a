use memo_runtime::memoize;

struct Shape {
    side: u64,
}

#[memoize]
impl Shape { //~ ERROR the struct `Shape` has no caches for this block
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize]
    fn scaled(&self, by: u64) -> u64 {
        self.area() * by
    }
}

fn show(shape: &Shape) -> u64 {
    shape.scaled(2)
}

fn main() {}
