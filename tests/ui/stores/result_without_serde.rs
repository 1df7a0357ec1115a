use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

struct Rate(f64);

#[memoize(store = &REGION, ttl = "5m")]
fn rate(from: &str) -> Result<Rate, String> { //~ ERROR a result of type `Rate` cannot be stored; it is written, and read by other processes; implement `Serialize` and `Deserialize`
    Ok(Rate(from.len() as f64))
}

fn main() {}
