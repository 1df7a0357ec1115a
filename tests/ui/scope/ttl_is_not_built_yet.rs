use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(ttl = "30s")] //~ ERROR unknown option `ttl`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
