use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn mixed(&self, (a, b): (u64, u64), mut n: u64, _: u64, [c, _]: [u64; 2]) -> u64 {
        n += a + b + c;
        n * self.side
    }
}

fn main() {}
