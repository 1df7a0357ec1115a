use memo_runtime::memoize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[memoize]
struct Shape {
    side: HashMap<u64, Arc<Mutex<u64>>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
