use memo_runtime::memoize;

use std::rc::Rc;

#[memoize(engine = moka::sync::Cache::new(10))] //~ ERROR cannot be the engine of this function
fn digits(n: u64) -> Rc<str> {
    n.to_string().into()
}

fn main() {}
