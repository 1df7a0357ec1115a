use memo_runtime::memoize;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

struct Name(String);
type Sides = HashMap<Name, (Name, Option<Arc<RwLock<Name>>>)>;

#[memoize]
struct Shape {
    side: Sides, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
