use memo_runtime::memoize;

#[memoize]
#[repr(C, align(8))] //~ ERROR a memoized struct cannot be `repr(C)`
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
