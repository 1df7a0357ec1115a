use memo_runtime::memoize;

#[memoize]
#[repr(transparent)] //~ ERROR a memoized struct cannot be `repr(transparent)`
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
