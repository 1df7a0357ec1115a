use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize(scope = "instance")] //~ ERROR `scope` is an option of a method, not of an `impl` block
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
