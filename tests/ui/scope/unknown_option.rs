use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(size = 3)] //~ ERROR unknown option `size`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
