use memo_runtime::memoize;

#[memoize] //~ ERROR
static SIDE: u64 = 4;

fn main() {}
