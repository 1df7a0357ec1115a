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

    #[memoize(scope = "type", reads(side: u64))] //~ ERROR a type-scoped cache lives until the process ends
    fn square(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
