use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u8);

struct User {
    id: Id,
}

#[memoize]
impl User {
    #[memoize(scope = "type", store = &REGION, ttl = "5m", reads(id: Id))] //~ ERROR a value of type `Id` cannot be part of a key in a store;
    fn rank(&self, n: u8) -> u8 {
        self.id.0 + n
    }
}

fn main() {}
