use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

#[derive(Clone, PartialEq, Eq, Hash)]
struct Currency(u32);

#[memoize(store = &REGION, ttl = "5m")]
async fn rate(from: Currency, to: u32) -> f64 { //~ ERROR a value of type `Currency` cannot be part of a key in a store
    f64::from(from.0 + to)
}

fn main() {}
