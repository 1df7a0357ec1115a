use memo_runtime::memoize;
use std::{rc::Rc, time::Duration};

#[memoize]
struct Feed {
    age: Duration,
}

#[memoize]
impl Feed {
    #[memoize(ttl = self.age)] //~ ERROR `self` is not in scope in `ttl` where the body takes it by value
    fn keys(self: Rc<Self>) -> u64 {
        self.age.as_secs()
    }
}

fn main() {}
