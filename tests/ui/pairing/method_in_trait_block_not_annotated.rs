use memo_runtime::memoize;

struct Shape {
    side: u64,
}

trait Area {
    fn area(&self) -> u64;
}

impl Area for Shape {
    #[memoize] //~ ERROR a memoized method needs `#[memoize]` on its `impl` block too
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
