use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = by)] //~ ERROR the argument `by` is not in scope in `capacity`
    fn scaled(&self, by: usize) -> u64 {
        by as u64 * self.side
    }
}

fn main() {}
