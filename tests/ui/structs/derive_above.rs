use memo_runtime::memoize;

#[derive(Debug, Clone)] //~ ERROR missing field `memo` in initializer of `Shape`
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
}

fn main() {}
