use memo_runtime::memoize;

#[memoize]
#[derive(Clone, PartialEq, Eq, Hash)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(scope = "type", capacity = 10)]
    fn side_of(others: &[Self]) -> u64 { //~ ERROR a type-scoped cache cannot have an instance in its key
        others[0].side
    }
}

fn main() {}
