use memo_runtime::memoize;
use std::sync::{Arc, Weak};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Other(u64);

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn with(&self, other: Arc<Other>) -> Arc<Other> {
        Arc::new(Other(self.side + other.0))
    }

    #[memoize]
    fn root(self: Arc<Self>) -> Arc<Other> {
        Arc::new(Other(self.side))
    }

    #[memoize]
    fn kin(self: &Arc<Self>) -> Weak<Self> {
        Arc::downgrade(self)
    }

    #[memoize(unbounded)]
    fn twice(other: Arc<Other>) -> u64 {
        other.0 * 2
    }
}

fn main() {}
