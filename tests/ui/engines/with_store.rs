use memo_runtime::memoize;

#[memoize(engine = moka::sync::Cache::new(10), store = &REGION, ttl = "5m")] //~ ERROR `store` contradicts `engine`; entries live in one place; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
