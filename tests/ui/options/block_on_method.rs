use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(block = "render")] //~ ERROR `block` is an option of an `impl` block, not of a method
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
