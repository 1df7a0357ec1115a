use memo_runtime::memoize;

#[memoize(unbounded, verify = true)] //~ ERROR every method is verified
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
