use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize(untracked)]
    pub name: String,
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
