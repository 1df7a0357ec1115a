use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: std::sync::OnceLock<u64>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        *self.side.get_or_init(|| 4)
    }
}

fn main() {}
