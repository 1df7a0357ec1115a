use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unchecked)] //~ ERROR `unchecked` marks a field of a `#[memoize]` struct
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
