use memo_runtime::memoize;

#[memoize(blocks("a", "a"))] //~ ERROR duplicate block name `a`
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
