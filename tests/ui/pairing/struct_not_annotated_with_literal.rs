use memo_runtime::memoize;

struct Shape {
    side: u64,
}

#[memoize]
impl Shape { //~ ERROR
    fn new(side: u64) -> Self {
        Self { side } //~ ERROR
    }

    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
