use memo_runtime::memoize;

#[memoize(ttl)] //~ ERROR `ttl` expects a time, such as `"30s"`; write `ttl = …`
fn keys() -> u64 {
    1
}

fn main() {}
