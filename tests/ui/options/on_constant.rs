use memo_runtime::memoize;

#[memoize] //~ ERROR
const SIDE: u64 = 4;

fn main() {}
