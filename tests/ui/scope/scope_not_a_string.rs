use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(scope = instance)] //~ ERROR `scope` expects a string
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
