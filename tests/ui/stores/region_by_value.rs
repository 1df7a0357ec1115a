use memo_runtime::{MemoryStore, Region, memoize};

#[memoize(store = Region::new("region", MemoryStore::new()), ttl = "5m")] //~ ERROR a `Region<MemoryStore>` cannot be the region of this function
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
