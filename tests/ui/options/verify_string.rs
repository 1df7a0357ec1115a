use memo_runtime::memoize;

#[memoize(unbounded, verify = "off")] //~ ERROR `verify` expects `false`
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
