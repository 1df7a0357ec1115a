use memo_runtime::memoize;

#[memoize]
struct Shape {
    pub(self) side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
