use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, f: Box<dyn Fn(u64) -> u64>) -> u64 { //~ ERROR a trait object cannot be part of a key
        self.side + f(1)
    }
}

fn main() {}
