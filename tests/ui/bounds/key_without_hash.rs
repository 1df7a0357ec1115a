use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Unit(u64);

#[memoize]
struct Shape {
    side: Unit,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side.0
    }

    #[memoize(key(unit: Unit = unit.clone()))] //~ ERROR a value of type `Unit` cannot be part of a key
    fn scaled(&self, unit: &Unit) -> u64 {
        self.side.0 * unit.0
    }
}

fn main() {}
