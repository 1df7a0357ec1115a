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

    #[memoize]
    fn convert(&self, unit: (u64, Unit)) -> u64 { //~ ERROR a value of type `(u64, Unit)` cannot be part of a key
        self.side * unit.1.0
    }
}

fn main() {}
