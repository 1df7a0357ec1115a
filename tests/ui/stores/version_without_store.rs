use memo_runtime::memoize;

#[memoize(unbounded, version = 2)] //~ ERROR `version` is of entries in a `store`, which may outlive the code; there is none; remove it
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
