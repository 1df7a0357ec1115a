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

    #[memoize(scope = "type", unbounded, reads(side: Unit))] //~ ERROR a value of type `Unit` cannot be part of a key
    fn scaled(&self, by: u64) -> u64 {
        self.side.0 * by
    }
}

fn main() {}
