use memo_runtime::memoize;

#[memoize(ttl = 30)] //~ ERROR `ttl` is a time, and this literal has no unit
fn keys() -> u64 {
    1
}

fn main() {}
