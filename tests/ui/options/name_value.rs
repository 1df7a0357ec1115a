use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize = "instance"] //~ ERROR `memoize` takes its options in parentheses
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
