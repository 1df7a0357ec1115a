use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize] //~ ERROR `#[memoize]` goes on a method
    const SIDES: u64 = 4;

    #[memoize]
    fn girth(&self) -> u64 {
        self.side * Self::SIDES
    }
}

fn main() {}
