use memo_runtime::memoize;

#[memoize]
struct Feed {
    base: u64,
}

#[memoize]
impl Feed {
    #[memoize(ttl = "0s")] //~ ERROR `ttl = "0s"` keeps nothing; write a longer time, or remove `#[memoize]`
    fn keys(&self) -> u64 {
        self.base
    }
}

fn main() {}
