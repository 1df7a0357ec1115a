use memo_runtime::memoize;
use std::cell::Cell;

#[memoize]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    side: u64,
    calls: Cell<u64>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Iterator for Shape {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.grow();
        Some(self.area())
    }
}

#[memoize]
impl Shape {
    pub fn new(side: u64) -> Self {
        Self { side, calls: Cell::new(0) }
    }

    #[memoize(capacity = 3)]
    pub fn scaled(&self, by: u64) -> u64 {
        self.area() * by
    }

    #[memoize]
    pub fn area(&self) -> u64 {
        self.side * self.side
    }

    pub fn grow(&mut self) {
        self.side += self.area_cache().len() as u64;
        self.scaled_cache().clear();
        memo_runtime::clear_instance(self);
    }
}

fn main() {}
