use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize(untraked)] //~ ERROR unknown option `untraked`
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
