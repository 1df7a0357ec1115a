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
    fn print(&self) { //~ ERROR there is nothing to cache
        println!("{}", self.side);
    }
}

fn main() {}
