use memo_runtime::memoize;

#[memoize]
#[derive(Debug)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(key(text: String = format!("{by} {self:?}")))] //~ ERROR `self` is not in scope in `key`
    fn scaled(&self, by: u64) -> u64 {
        by * self.side
    }
}

fn main() {}
