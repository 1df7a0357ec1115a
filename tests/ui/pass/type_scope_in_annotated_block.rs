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

    #[memoize(unbounded)]
    fn twice(n: u64) -> u64 {
        n * 2
    }

    #[memoize]
    fn answer() -> u64 {
        Self::twice(21)
    }
}

fn main() {}
