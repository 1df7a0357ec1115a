use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize] //~ ERROR `#[memoize]` on a field says nothing
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
