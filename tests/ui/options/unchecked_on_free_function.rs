use memo_runtime::memoize;

#[memoize(unbounded, unchecked)] //~ ERROR `unchecked` marks a field of a `#[memoize]` struct
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
