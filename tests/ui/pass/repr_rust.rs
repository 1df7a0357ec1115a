use memo_runtime::memoize;

#[memoize]
#[repr(Rust)]
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
