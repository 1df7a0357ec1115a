use memo_runtime::memoize;

const CAPACITY: usize = 0;

#[memoize(capacity = CAPACITY)] //~ ERROR
fn twice(n: u64) -> u64 {
    n * 2
}

fn show() -> u64 {
    twice(2)
}

fn main() {}
