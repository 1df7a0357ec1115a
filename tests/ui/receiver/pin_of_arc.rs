use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(self: std::pin::Pin<std::sync::Arc<Self>>) -> u64 { //~ ERROR unsupported receiver
        self.side
    }
}

fn main() {}
