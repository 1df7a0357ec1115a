use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(crate = "memo")] //~ ERROR `crate` expects a path
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
