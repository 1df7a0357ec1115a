use memo_runtime::memoize;

#[memoize(keep)] //~ ERROR
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
