use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

struct Version;

#[memoize(store = &REGION, ttl = "5m", version = Version)] //~ ERROR a `Version` is no version; it is a part of the keys of entries, as a text; write a number or a string, or implement `Display`
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
