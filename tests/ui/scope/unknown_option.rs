use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(colour = 3)] //~ ERROR unknown option `colour`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
