use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total<T: Into<u64>>(&self, n: T) -> u64 { //~ ERROR a generic method cannot be memoized
        self.side + n.into()
    }
}

fn main() {}
