use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(policy = "sieve")] //~ ERROR `policy` says what is evicted
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
