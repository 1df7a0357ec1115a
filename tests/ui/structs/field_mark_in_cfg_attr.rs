use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
    #[cfg_attr(all(), memoize(untracked))] //~ ERROR `#[memoize]` on a field cannot depend on a `cfg_attr`
    pub log: Vec<u64>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
