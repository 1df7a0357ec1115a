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
    const fn twice(n: u64) -> u64 { //~ ERROR a `const` function cannot be memoized
        n * 2
    }
}

fn main() {}
