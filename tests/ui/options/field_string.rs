use memo_runtime::memoize;

#[memoize(field = "caches")] //~ ERROR `field` expects an identifier
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
