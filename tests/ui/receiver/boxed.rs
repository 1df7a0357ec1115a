use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(self: Box<Self>) -> u64 { //~ ERROR a method that takes `self` by value cannot be memoized
        self.side
    }
}

fn main() {}
