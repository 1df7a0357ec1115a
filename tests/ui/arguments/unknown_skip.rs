use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(skip(log))] //~ ERROR unknown argument `log` in `skip`
    fn scaled(&self, by: u64, verbose: bool) -> u64 {
        if verbose { self.side } else { self.side * by }
    }
}

fn main() {}
