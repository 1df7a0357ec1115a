use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(capacty = 3)] //~ ERROR unknown option `capacty`
    fn scaled(&self, by: u64) -> u64 {
        self.side * by
    }
}

fn main() {}
