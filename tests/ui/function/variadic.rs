use memo_runtime::memoize;

#[memoize(unbounded)]
fn first(n: u64, ...) -> u64 { //~ ERROR
    n
}

fn main() {}
