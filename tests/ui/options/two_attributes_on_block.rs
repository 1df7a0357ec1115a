use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
#[memoize] //~ ERROR duplicate `#[memoize]`
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
