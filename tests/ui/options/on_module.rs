use memo_runtime::memoize;

#[memoize] //~ ERROR
mod shapes {}

fn main() {}
