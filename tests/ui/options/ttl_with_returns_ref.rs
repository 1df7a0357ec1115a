use memo_runtime::memoize;

#[memoize]
struct Feed {
    base: u64,
}

#[memoize]
impl Feed {
    #[memoize(returns = "ref", ttl = "30s")] //~ ERROR `returns = "ref"` contradicts `ttl`; a value that is over could still be borrowed; remove one
    fn keys(&self) -> u64 {
        self.base
    }
}

fn main() {}
