use memo_runtime::memoize;

#[memoize(bloks("a"))] //~ ERROR unknown option `bloks`
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
