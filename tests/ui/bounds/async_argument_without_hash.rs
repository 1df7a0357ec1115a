// One error for what a future asks for three times.
use memo_runtime::memoize;

struct Currency(u32);

#[memoize(unbounded)]
async fn rate(from: Currency, to: u32) -> f64 { //~ ERROR a value of type `Currency` cannot be part of a key
    f64::from(from.0 + to)
}

fn main() {}
