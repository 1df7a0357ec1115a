use memo_runtime::memoize;

#[memoize(blocks("a", "b", "c", "d", "e", "f", "g", "h"))] //~ ERROR a struct can list at most 7 named blocks
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
