use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(returns = "ref")] //~ ERROR `returns = "ref"` needs a borrowed receiver
    fn area(self: std::sync::Arc<Self>) -> u64 {
        self.side
    }
}

fn main() {}
