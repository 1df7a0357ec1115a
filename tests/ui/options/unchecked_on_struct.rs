use memo_runtime::memoize;

#[memoize(unchecked)] //~ ERROR `unchecked` marks a field of a `#[memoize]` struct
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
