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

    #[memoize(changes(side))]
    #[cfg_attr(all(), memoize(changes()))] //~ ERROR duplicate `#[memoize]`
    fn grow(&mut self) {
        self.side += 1;
    }
}

fn main() {}
