use memo_runtime::memoize;
use std::sync::Mutex;

#[memoize]
struct Shape<T> {
    side: Vec<Mutex<T>>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl<T> Shape<T> {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
