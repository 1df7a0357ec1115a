use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize(untracked)]
    calls: std::cell::Cell<u64>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.calls.set(self.calls.get() + 1);
        4
    }
}

fn main() {}
