use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = 8, policy)] //~ ERROR `policy` expects
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
