use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacity = 0, size = 3)] //~ ERROR unknown option `size` //~ ERROR `capacity = 0` keeps nothing
    const fn scaled(&mut self, by: u64) -> u64 { //~ ERROR a `const` function cannot be memoized //~ ERROR a `&mut self` method cannot be memoized
        self.side * by
    }
}

fn main() {}
