use memo_runtime::memoize;

trait Area {
    fn side(&self) -> u64;

    #[memoize] //~ ERROR a memoized method needs `#[memoize]` on its `impl` block too
    fn area(&self) -> u64 {
        self.side() * self.side()
    }
}

fn main() {}
