use memo_runtime::memoize;

#[memoize] //~ ERROR `#[memoize]` goes on a struct, an `impl` block, a method in such a block, or a function
mod shapes {}

fn main() {}
