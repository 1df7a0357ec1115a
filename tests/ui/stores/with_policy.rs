use memo_runtime::memoize;

#[memoize(store = &REGION, ttl = "5m", policy = "sieve")] //~ ERROR `policy` contradicts `store`; what is evicted is said to the store; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
