use memo_runtime::memoize;

#[memoize(field = a, field = b)] //~ ERROR duplicate option `field`
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
