use memo_runtime::memoize;

use std::rc::Rc;

#[memoize(unbounded)]
fn shared(value: u64) -> Rc<u64> { //~ ERROR
    Rc::new(value)
}

fn main() {}
