use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize(changes(side))] //~ ERROR `changes` marks a method in a `#[memoize]` block
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
