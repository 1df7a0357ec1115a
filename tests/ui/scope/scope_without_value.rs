use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(scope)] //~ ERROR `scope` expects `"instance"` or `"type"`
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
