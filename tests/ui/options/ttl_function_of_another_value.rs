use memo_runtime::memoize;
use std::time::Duration;

fn valid_for(text: &str) -> Duration {
    Duration::from_secs(text.len() as u64)
}

#[memoize(ttl = valid_for, unbounded)] //~ ERROR type mismatch in function arguments
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
