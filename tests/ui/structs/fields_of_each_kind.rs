use memo_runtime::memoize;
use std::{cell::Cell, sync::Mutex};

#[memoize]
struct Shape {
    pub side: u64,        //~ ERROR the field `side` is not private
    calls: Cell<u64>,     //~ ERROR this field can change through `&self` and leave stale results
    log: Mutex<Vec<u64>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
