use memo_runtime::memoize;

#[memoize(unbouned)] //~ ERROR
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
