use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(changes(side), capacity = 8)] //~ ERROR `changes` marks a method that can change the instance
    fn scaled(&self) -> u64 {
        self.side * 2
    }
}

fn main() {}
