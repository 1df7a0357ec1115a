use memo_runtime::memoize;

#[memoize(unbounded)]
fn scaled(n: u64, #[cfg(any())] by: u64) -> u64 { //~ ERROR an argument of a memoized function cannot depend on a `cfg`
    n
}

fn main() {}
