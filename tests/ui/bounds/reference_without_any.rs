use memo_runtime::memoize;

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
    fn convert(&self, unit: &Unit) -> u64 { //~ ERROR a value of type `Unit` cannot be part of a key
        self.side * unit.0
    }
}

fn main() {}
