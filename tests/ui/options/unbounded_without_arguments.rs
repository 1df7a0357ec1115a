use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unbounded)] //~ ERROR `unbounded` is for a cache with a key
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
