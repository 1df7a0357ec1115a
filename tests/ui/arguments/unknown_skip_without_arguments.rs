use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(skip(log))] //~ ERROR unknown argument `log` in `skip`
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
