use memo_runtime::memoize;
use std::borrow::Cow;
use std::sync::Weak;

#[memoize]
struct Shape {
    side: Cow<'static, [Weak<u64>]>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
