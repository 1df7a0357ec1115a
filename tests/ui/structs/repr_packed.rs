use memo_runtime::memoize;

#[memoize]
#[repr(packed)] //~ ERROR a memoized struct cannot be `repr(packed)`
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
