use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize(changes(side))] //~ ERROR `changes` marks a method in a `#[memoize]` block
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
