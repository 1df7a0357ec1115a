use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    #[memoize(stats)] //~ ERROR duplicate `#[memoize]`
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
