use memo_runtime::memoize;

#[memoize(unbounded)]
fn first(n: u64, _: ...) -> u64 { //~ ERROR a variadic function cannot be memoized
    n
}

fn main() {}
