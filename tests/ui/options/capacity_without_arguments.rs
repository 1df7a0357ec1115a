use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = 8)] //~ ERROR `capacity` is for a cache with a key
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
