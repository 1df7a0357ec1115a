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

    #[memoize]
    fn fail(&self) -> ! { //~ ERROR there is nothing to cache
        panic!("{}", self.side)
    }
}

fn main() {}
