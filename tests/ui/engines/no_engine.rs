use memo_runtime::memoize;

#[memoize(engine = std::collections::HashMap::<u64, u64>::new())] //~ ERROR a `HashMap<u64, u64>` cannot be the engine of this function; it holds the keys and results of all threads; implement `memo_runtime::Engine`, or add the feature `moka` or `quick_cache`; the result needs `Clone`, and both `Send` and `Sync`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
