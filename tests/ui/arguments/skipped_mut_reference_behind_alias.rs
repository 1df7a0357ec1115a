//! What an alias stands for is asked of the compiler.
use memo_runtime::memoize;

type Out<'a> = &'a mut String;

#[memoize(unbounded, skip(out))]
fn print(n: u64, out: Out<'_>) -> usize { //~ ERROR a memoized method cannot take `&mut`
    out.push_str(&n.to_string());
    out.len()
}

fn main() {}
