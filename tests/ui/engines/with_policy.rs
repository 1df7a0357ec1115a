use memo_runtime::memoize;

#[memoize(
    engine = moka::sync::Cache::new(10),
    capacity = 10, //~ ERROR `capacity` contradicts `engine`; how much is kept is said to the engine; remove one
    policy = "sieve", //~ ERROR `policy` contradicts `engine`; what is evicted is said to the engine; remove one
)]
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
