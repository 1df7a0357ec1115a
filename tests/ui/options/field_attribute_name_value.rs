use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize = "untracked"] //~ ERROR `memoize` takes its options in parentheses
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
