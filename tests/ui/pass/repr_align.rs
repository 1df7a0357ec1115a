use memo_runtime::memoize;

#[memoize]
#[repr(align(8))]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
