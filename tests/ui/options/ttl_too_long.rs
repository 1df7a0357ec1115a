use memo_runtime::memoize;

#[memoize(ttl = "99999999999999999999d")] //~ ERROR is longer than a time can be
fn keys() -> u64 {
    1
}

fn main() {}
