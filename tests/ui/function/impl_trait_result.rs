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

    #[memoize]
    fn sides(&self) -> impl Iterator<Item = u64> { //~ ERROR a result of type `impl Trait` cannot be cached
        [self.side; 4].into_iter()
    }
}

fn main() {}
