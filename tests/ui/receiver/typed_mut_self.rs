use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(self: &mut Self) -> u64 { //~ ERROR a `&mut self` method cannot be memoized
        self.side
    }
}

fn main() {}
