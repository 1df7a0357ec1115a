use memo_runtime::memoize;

#[memoize]
struct Shape {
    #[memoize(untracked, unchecked)] //~ ERROR a field is `untracked` or `unchecked`
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
