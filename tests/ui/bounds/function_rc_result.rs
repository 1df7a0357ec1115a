use memo_runtime::memoize;

use std::rc::Rc;

#[memoize(unbounded)]
fn shared(value: u64) -> Rc<u64> { //~ ERROR threads cannot share this type-scoped cache
    Rc::new(value)
}

fn main() {}
