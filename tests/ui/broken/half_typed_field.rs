// The struct keeps its caches for its blocks, and the fields that can be read.
use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Grid {
    #[memoize(untracked)]
    seen: std::cell::Cell<u8>,
    width: usize,
    hei
} //~ ERROR expected `:`, found `}` //~ ERROR expected `:`

#[memoize]
impl Grid {
    fn new() -> Self {
        Self { seen: std::cell::Cell::new(0), width: 1 }
    }
    #[memoize]
    fn double(&self) -> usize {
        self.seen.set(1);
        self.width * 2
    }
}

fn main() {
    Grid::new().double_cache().clear();
}
