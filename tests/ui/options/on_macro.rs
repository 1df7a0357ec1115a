use memo_runtime::memoize;

#[memoize] //~ ERROR
macro_rules! side {
    () => {};
}

side!();

fn main() {}
