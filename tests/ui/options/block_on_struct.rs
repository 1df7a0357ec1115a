use memo_runtime::memoize;

#[memoize(block = "a")] //~ ERROR `block` is an option of an `impl` block, not of a struct
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
