use memo_runtime::memoize;

#[memoize(capacity = 10u32)] //~ ERROR `capacity` is a number of entries
fn double(n: u64) -> u64 {
    n * 2
}

fn main() {}
