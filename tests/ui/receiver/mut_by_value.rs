use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(mut self) -> u64 { //~ ERROR
        self.side += 1;
        self.side
    }
}

fn main() {}
