use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

struct Bank {
    region: &'static Region<MemoryStore>,
    fee: u64,
}

#[memoize]
impl Bank {
    #[memoize(scope = "type", store = self.region, ttl = "5m", reads(fee: u64))] //~ ERROR `self` is not in scope in `store`, which is evaluated once,
    fn price(&self, net: u64) -> u64 {
        self.fee + net
    }
}

fn main() {
    let _ = Bank { region: &REGION, fee: 1 }.region;
}
