use memo_runtime::memoize;

#[memoize(unbounded, reads(side: u64))] //~ ERROR
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
