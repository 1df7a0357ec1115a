use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape { //~ ERROR
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

#[memoize]
impl Shape { //~ ERROR //~ ERROR
    #[memoize]
    fn girth(&self) -> u64 {
        self.side * 4
    }
}

fn main() {}
