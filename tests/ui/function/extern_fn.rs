use memo_runtime::memoize;

#[memoize(unbounded)]
extern "C" fn twice(n: u64) -> u64 { //~ ERROR an `extern` function cannot be memoized
    n * 2
}

fn main() {}
