use memo_runtime::memoize;
use std::borrow::Cow;

#[memoize]
struct Shape {
    name: String,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> Cow<'_, str> { //~ ERROR a memoized result cannot borrow from `self` or an argument
        Cow::Borrowed(&self.name)
    }
}

fn main() {}
