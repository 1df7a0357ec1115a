use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(blocks("render"))] //~ ERROR `blocks` is an option of a struct, not of a method
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
