use memo_runtime::memoize;

#[memoize]
union Shape { //~ ERROR a union cannot be memoized
    side: u64,
    bits: [u8; 8],
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
