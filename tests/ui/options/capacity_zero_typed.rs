use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = 0usize)] //~ ERROR `capacity = 0` keeps nothing
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
