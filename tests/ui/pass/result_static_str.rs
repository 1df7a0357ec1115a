use memo_runtime::memoize;
use std::borrow::Cow;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn label(&self) -> &'static str {
        if self.side == 0 { "empty" } else { "square" }
    }

    #[memoize]
    fn name(&self, long: bool) -> Cow<'static, str> {
        if long { Cow::Owned(self.side.to_string()) } else { Cow::Borrowed("s") }
    }

    #[memoize(unbounded)]
    fn unit(n: u64) -> &'static str {
        if n == 1 { "metre" } else { "metres" }
    }
}

fn main() {}
