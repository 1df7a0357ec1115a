use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

#[memoize(store = &REGION, ttl = "5m", version = from.len())] //~ ERROR the argument `from` is not in scope in `version`, which is evaluated once, for all calls; remove it
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
