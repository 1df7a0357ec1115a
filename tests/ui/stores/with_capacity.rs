use memo_runtime::memoize;

#[memoize(store = &REGION, ttl = "5m", capacity = 10)] //~ ERROR `capacity` contradicts `store`; how much is kept is said to the store; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
