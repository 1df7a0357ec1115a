use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total<const N: usize>(&self, n: [u64; N]) -> u64 { //~ ERROR a generic method cannot be memoized
        self.side + n[0]
    }
}

fn main() {}
