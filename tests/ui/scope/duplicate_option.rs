use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(stats, stats)] //~ ERROR duplicate option `stats`
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
