use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(skip(log))]
    fn scaled(&self, by: u64, log: &mut Vec<u64>) -> u64 { //~ ERROR a memoized method cannot take `&mut`
        log.push(by);
        self.side * by
    }
}

fn main() {}
