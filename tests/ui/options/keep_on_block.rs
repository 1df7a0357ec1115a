use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize(keep)] //~ ERROR `keep` marks a `&mut self` method in a `#[memoize]` block
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
