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

    #[memoize(scope = "type", unbounded)]
    fn scaled(&self, by: u64) -> u64 { //~ ERROR a type-scoped method cannot see `self`
        self.side * by
    }
}

fn main() {}
