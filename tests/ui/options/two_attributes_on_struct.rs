use memo_runtime::memoize;

#[memoize]
#[memoize] //~ ERROR duplicate `#[memoize]`
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
