use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = 0, size = 3)] //~ ERROR //~ ERROR
    const fn scaled(&mut self, by: u64) -> u64 { //~ ERROR //~ ERROR
        self.side * by
    }
}

fn main() {}
