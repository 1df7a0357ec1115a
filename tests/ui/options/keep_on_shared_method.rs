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

    #[memoize(keep)] //~ ERROR `keep` marks a `&mut self` method
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
