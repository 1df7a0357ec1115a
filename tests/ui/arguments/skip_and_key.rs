use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(skip(verbose), key(by: u64 = by))] //~ ERROR `key` contradicts `skip`
    fn scaled(&self, by: u64, verbose: bool) -> u64 {
        if verbose { self.side } else { self.side * by }
    }
}

fn main() {}
