use memo_runtime::memoize;
use std::sync::Arc;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn root(self: Arc<Self>) -> Arc<Shape> { //~ ERROR a cached result cannot hold its own instance
        self
    }
}

fn main() {}
