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

    fn grow(&mut self) {
        self.side += self.area();
    }

    fn reset(&mut self) {
        self.side = 0;
    }
}

fn main() {}
