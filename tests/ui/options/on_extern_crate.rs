use memo_runtime::memoize;

#[memoize] //~ ERROR
extern crate std as standard;

fn main() {}
