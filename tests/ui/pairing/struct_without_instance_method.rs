use memo_runtime::memoize;

#[memoize]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(unbounded)]
    fn twice(n: u64) -> u64 {
        n * 2
    }

    fn grow(&mut self) {
        self.side += 1;
    }
}

fn main() {}
