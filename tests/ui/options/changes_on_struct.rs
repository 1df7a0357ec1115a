use memo_runtime::memoize;

#[memoize(changes(side))] //~ ERROR `changes` marks a method in a `#[memoize]` block
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
