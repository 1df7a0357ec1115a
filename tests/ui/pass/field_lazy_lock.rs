use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: std::sync::LazyLock<u64>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        *self.side
    }
}

fn main() {}
