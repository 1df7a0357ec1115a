use memo_runtime::memoize;
use std::time::Duration;

#[memoize(unbounded, ttl = Duration::from_secs(age))] //~ ERROR the argument `age` is not in scope in `ttl`
fn rate(from: &str, age: u64) -> f64 {
    (from.len() as u64 + age) as f64
}

fn main() {}
