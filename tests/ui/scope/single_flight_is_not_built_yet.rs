use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(single_flight)] //~ ERROR unknown option `single_flight`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
