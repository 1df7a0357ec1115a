use memo_runtime::{BoxError, ByteStore, Region, memoize};
use std::{sync::LazyLock, time::Duration};

struct Blocking;

impl ByteStore for Blocking {
    fn get(&self, _key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(None)
    }
    fn set(&self, _: &[u8], _: &[u8], _: Option<Duration>) -> Result<(), BoxError> {
        Ok(())
    }
    fn remove(&self, _key: &[u8]) -> Result<bool, BoxError> {
        Ok(false)
    }
    fn clear(&self, _prefix: &[u8]) -> Result<(), BoxError> {
        Ok(())
    }
}

static REGION: LazyLock<Region<Blocking>> = LazyLock::new(|| Region::new("region", Blocking));

#[memoize(store = &REGION, ttl = "5m")] //~ ERROR an `async` function cannot keep its entries in a `Blocking`; it awaits its store, which is an `AsyncByteStore`; take the region of such a one
async fn rate(from: &str) -> f64 {
    from.len() as f64
}

fn main() {}
