use memo_runtime::memoize;

const SECONDS: u64 = 30;

#[memoize(ttl = SECONDS, unbounded)] //~ ERROR `ttl` says how long a stored value is good
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
