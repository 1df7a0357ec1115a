use memo_runtime::memoize;

#[memoize] //~ ERROR `#[memoize]` goes on a struct, an `impl` block, a method in such a block, or a function
const SIDE: u64 = 4;

fn main() {}
