use memo_runtime::memoize;

#[memoize]
struct Feed {
    base: u64,
}

#[memoize]
impl Feed {
    #[memoize(ttl = 30 * 60)] //~ ERROR `ttl` says how long a stored value is good
    fn keys(&self) -> u64 {
        self.base
    }
}

fn main() {}
