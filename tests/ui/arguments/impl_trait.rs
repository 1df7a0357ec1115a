use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, n: impl Into<u64>) -> u64 { //~ ERROR an argument of type `impl Trait` makes the method generic
        self.side + n.into()
    }
}

fn main() {}
