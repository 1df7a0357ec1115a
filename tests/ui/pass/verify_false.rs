//! Without the feature `verify` the option says nothing.

use memo_runtime::memoize;
use std::time::Instant;

#[memoize(verify = false)]
fn start() -> Instant {
    Instant::now()
}

#[memoize]
struct Clock {
    offset: u64,
}

#[memoize]
impl Clock {
    #[memoize(capacity = 2, verify = false)]
    fn read(&self, n: u64) -> u64 {
        n + self.offset
    }
}

fn main() {
    assert_eq!(start(), start());
    let clock = Clock { offset: 1, memo: Default::default() };
    assert_eq!(clock.read(1) + clock.read(1), 4);
}
