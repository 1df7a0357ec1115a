use memo_runtime::memoize;

use std::collections::HashMap;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize]
    fn convert(&self, units: HashMap<u64, u64>) -> u64 { //~ ERROR a value of type `HashMap<u64, u64>` cannot be part of a key
        self.side * units[&0]
    }
}

fn main() {}
