// The compiler says it of the method, not of the block.
use memo_runtime::memoize;

#[memoize]
struct Grid {
    width: usize,
}

#[memoize]
impl Grid {
    #[memoize]
    fn area(&self, by: usize) -> usize { //~ ERROR cannot borrow `*self` as mutable
        self.width = by;
        by
    }
    fn set(&mut self, width: usize) {
        self.width = width;
    }
}

fn main() {}
