use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(returns = "ref", capacity = 8)] //~ ERROR `returns = "ref"` contradicts `capacity`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
