use memo_runtime::memoize;

#[memoize] //~ ERROR
type Side = u64;

fn main() {}
