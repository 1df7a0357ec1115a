use memo_runtime::memoize;

struct Shape;

impl Shape {
    #[memoize(unbounded)] //~ ERROR cannot find function `twice_cache` in this scope
    fn twice(n: u64) -> u64 {
        n * 2
    }
}

fn show() -> u64 {
    Shape::twice(2)
}

fn main() {}
