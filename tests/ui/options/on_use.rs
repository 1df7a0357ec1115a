use memo_runtime::memoize;

#[memoize] //~ ERROR
use std::fmt as format;

fn main() {}
