use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unbounded = true)] //~ ERROR `unbounded` takes no value
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
