use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, f: fn(u64) -> u64) -> u64 { //~ ERROR a pointer cannot be part of a key
        self.side + f(1)
    }
}

fn main() {}
