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
    fn convert(&self, units: Vec<Unit>) -> u64 { //~ ERROR a value of type `Vec<Unit>` cannot be part of a key
        self.side * units[0].0
    }
}

fn main() {}
