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

    #[memoize] //~ ERROR a type-scoped cache lives until the process ends
    fn twice(n: u64) -> u64 {
        n * 2
    }
}

fn main() {}
