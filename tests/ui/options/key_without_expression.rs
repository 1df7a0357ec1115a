use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(key(by: u64))] //~ ERROR `key` expects a list
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
