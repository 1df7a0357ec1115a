use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(returns = "ref", cache_if = |_| true)] //~ ERROR `returns = "ref"` contradicts `cache_if`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
