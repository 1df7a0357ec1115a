use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(scope = "type", reads(side: u64))] //~ ERROR
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
