use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Unit(u64);

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(unbounded)]
    fn convert(unit: Unit) -> u64 { //~ ERROR a value of type `Unit` cannot be part of a key
        unit.0
    }
}

fn main() {}
