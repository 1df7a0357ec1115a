use memo_runtime::memoize;

enum Shape {
    Square(u64),
}

#[memoize]
impl Shape { //~ ERROR the struct `Shape` has no caches for this block
    #[memoize]
    fn area(&self) -> u64 {
        let Self::Square(side) = self;
        side * side
    }
}

fn main() {}
