use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(stats = false)] //~ ERROR `stats` takes no value
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
