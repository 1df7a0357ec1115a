use memo_runtime::memoize;

#[memoize(unbounded)]
unsafe fn twice(n: u64) -> u64 { //~ ERROR an `unsafe` function cannot be memoized
    n * 2
}

fn main() {}
