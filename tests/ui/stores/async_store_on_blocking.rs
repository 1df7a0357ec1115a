use memo_runtime::{BoxError, AsyncByteStore, Region, memoize};
use std::{sync::LazyLock, time::Duration};

struct Awaited;

impl AsyncByteStore for Awaited {
    async fn get(&self, _key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(None)
    }
    async fn set(&self, _: &[u8], _: &[u8], _: Option<Duration>) -> Result<(), BoxError> {
        Ok(())
    }
    async fn remove(&self, _key: &[u8]) -> Result<bool, BoxError> {
        Ok(false)
    }
    async fn clear(&self, _prefix: &[u8]) -> Result<(), BoxError> {
        Ok(())
    }
}

static REGION: LazyLock<Region<Awaited>> = LazyLock::new(|| Region::new("region", Awaited));

#[memoize(store = &REGION, ttl = "5m")] //~ ERROR a function that is not `async` cannot keep its entries in a `Awaited`; it waits for its store, which is a `ByteStore`; take the region of such a one, or make the function `async`
fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
