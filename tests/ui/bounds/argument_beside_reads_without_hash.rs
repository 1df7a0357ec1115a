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

    #[memoize(scope = "type", unbounded, reads(side: u64))]
    fn times(&self, n: u64, unit: &Unit, more: &str) -> u64 { //~ ERROR a value of type `Unit` cannot be part of a key
        self.side * unit.0 * n + more.len() as u64
    }
}

fn main() {}
