use memo_runtime::memoize;
use std::sync::Arc;

#[memoize]
#[derive(Clone, PartialEq, Eq, Hash)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(scope = "type", capacity = 10)]
    fn side_of(other: Arc<Self>) -> u64 { //~ ERROR a type-scoped cache cannot have an instance in its key
        other.side
    }
}

fn main() {}
