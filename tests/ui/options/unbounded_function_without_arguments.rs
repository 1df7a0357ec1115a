use memo_runtime::memoize;

#[memoize(unbounded)] //~ ERROR
fn answer() -> u64 {
    42
}

fn main() {}
