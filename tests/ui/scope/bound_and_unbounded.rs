use memo_runtime::memoize;

#[memoize(capacity = 3, unbounded)] //~ ERROR `unbounded` contradicts `capacity`
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
