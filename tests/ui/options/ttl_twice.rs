use memo_runtime::memoize;

#[memoize(ttl = "30s", ttl = "1m")] //~ ERROR duplicate option `ttl`; remove one
fn keys() -> u64 {
    1
}

fn main() {}
