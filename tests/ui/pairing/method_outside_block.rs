use memo_runtime::memoize;

#[memoize]
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

impl Shape {
    #[memoize] //~ ERROR a memoized method needs `#[memoize]` on its `impl` block too
    fn girth(&self) -> u64 {
        self.side * 4
    }
}

fn show(shape: &Shape) -> u64 {
    shape.girth()
}

fn main() {}
