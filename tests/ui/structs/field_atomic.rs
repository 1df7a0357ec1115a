use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: std::sync::atomic::AtomicU64, //~ ERROR
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
