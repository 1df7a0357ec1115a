use memo_runtime::memoize;

fn outer(n: u64) -> u64 {
    #[memoize(unbounded)]
    fn inner(n: u64) -> u64 {
        n * 2
    }
    inner(n) + inner_cache().len() as u64
}

fn main() {}
