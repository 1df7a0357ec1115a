use memo_runtime::memoize;

#[memoize]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
    side: u64,
}

#[memoize]
impl Shape {
    fn new(side: u64) -> Self {
        Self { side }
    }

    fn area(&self) -> u64 {
        self.side
    }

    fn grow(&mut self) {
        self.side += self.area();
    }
}

fn main() {}
