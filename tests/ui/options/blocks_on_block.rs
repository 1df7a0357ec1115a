use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize(blocks("a"))] //~ ERROR `blocks` is an option of a struct, not of an `impl` block
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
