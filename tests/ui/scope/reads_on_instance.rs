use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(reads(side: u64))] //~ ERROR `reads` is for type scope
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
