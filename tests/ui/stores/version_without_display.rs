use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

struct Version;

#[memoize(store = &REGION, ttl = "5m", version = Version)] //~ ERROR `Version` doesn't implement `std::fmt::Display`
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
