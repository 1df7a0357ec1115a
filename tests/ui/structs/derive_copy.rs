use memo_runtime::memoize;

#[memoize]
#[derive(Clone, Copy)] //~ ERROR a memoized struct cannot be `Copy`
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
