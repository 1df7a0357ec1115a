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

    #[memoize(scope = "type", unbounded, reads(side: u64))]
    fn grow(&mut self) -> u64 { //~ ERROR a `&mut self` method cannot be memoized
        self.side
    }
}

fn main() {}
