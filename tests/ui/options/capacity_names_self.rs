use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = self.side as usize)] //~ ERROR `self` is not in scope in `capacity`
    fn scaled(&self, by: u64) -> u64 {
        by * self.side
    }
}

fn main() {}
