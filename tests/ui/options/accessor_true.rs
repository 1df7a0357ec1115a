use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(accessor = true)] //~ ERROR `accessor` expects an identifier or `false`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
