use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq)]
enum Shape { //~ ERROR an enum cannot be memoized
    Square(u64),
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        let Self::Square(side) = self;
        side * side
    }

    fn grow(&mut self) {
        *self = Self::Square(self.area());
    }
}

fn main() {}
