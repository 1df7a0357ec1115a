use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq)]
struct Shape(u64); //~ ERROR a tuple struct cannot be memoized

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.0 * self.0
    }

    fn grow(&mut self) {
        *self = Self(self.area());
    }
}

fn main() {}
