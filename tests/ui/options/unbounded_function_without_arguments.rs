use memo_runtime::memoize;

#[memoize(unbounded)] //~ ERROR `unbounded` is for a cache with a key
fn answer() -> u64 {
    42
}

fn main() {}
