use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("region", MemoryStore::new()));

struct User {
    id: Id,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u8);

#[memoize(store = &REGION, ttl = "5m", key(id: Id = user.id.clone()))] //~ ERROR a value of type `Id` cannot be part of a key in a store;
fn rank(user: &User) -> u8 {
    user.id.0
}

fn main() {}
