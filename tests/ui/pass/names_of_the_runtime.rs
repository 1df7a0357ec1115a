use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn new(&self, n: u64) -> u64 {
        self.side + n
    }

    #[memoize]
    fn empty(&self) -> bool {
        self.side == 0
    }

    #[memoize]
    fn absorb(&self) -> u64 {
        self.side
    }

    #[memoize]
    fn owner(&self) -> u64 {
        self.side
    }

    #[memoize]
    fn caches(&self) -> u64 {
        self.side
    }
}

fn main() {}
