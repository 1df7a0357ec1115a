use memo_runtime::memoize;

struct Shape {
    side: u64,
}

#[memoize]
impl Shape { //~ ERROR the struct `Shape` has no caches for this block
    fn new(side: u64) -> Self {
        Self { side } //~ ERROR struct `Shape` has no field named `memo`
    }

    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
