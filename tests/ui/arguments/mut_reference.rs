use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, out: &mut u64) -> u64 { //~ ERROR a memoized method cannot take `&mut`
        self.side + *out
    }
}

fn main() {}
