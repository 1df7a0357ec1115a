use memo_runtime::memoize;

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

    #[memoize(changes(side, side))] //~ ERROR duplicate field `side` in `changes`
    fn grow(&mut self) {
        self.side += 1;
    }
}

fn main() {}
