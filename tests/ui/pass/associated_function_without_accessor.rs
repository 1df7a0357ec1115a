use memo_runtime::memoize;

struct Shape;

impl Shape {
    #[memoize(unbounded, accessor = false)]
    fn twice(n: u64) -> u64 {
        n * 2
    }
}

fn show() -> u64 {
    Shape::twice(2)
}

fn main() {}
