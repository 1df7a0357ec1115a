use memo_runtime::memoize;

struct Shape;

impl Shape {
    #[memoize(unbounded)]
    fn twice(n: u64) -> u64 {
        if n == 0 { 0 } else { Self::twice(n - 1) + 2 } //~ ERROR a memoized associated function needs `#[memoize]` on its `impl` block too
    }
}

fn main() {}
