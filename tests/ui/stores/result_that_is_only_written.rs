use memo_runtime::{MemoryStore, Region, memoize};
use serde::Serialize;
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

#[derive(Serialize)]
struct Rate(f64);

#[memoize(store = &REGION, ttl = "5m")]
fn rate(from: &str) -> Rate { //~ ERROR a result of type `Rate` cannot be stored; it is written,
    Rate(from.len() as f64)
}

fn main() {}
