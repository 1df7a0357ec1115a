use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

#[memoize(store = MemoryStore::new(), ttl = "5m")] //~ ERROR a `MemoryStore` cannot be the region of this function; functions share a region, which lives as long as the process; write `store = &REGION`, of a `static REGION: LazyLock<Region<…>>`
fn rate(from: &str) -> f64 {
    REGION.store();
    from.len() as f64
}

fn main() {}
