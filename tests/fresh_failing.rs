//! What does not hold yet of `store = …`. Each of these fails.

#[path = "support/alone.rs"]
mod alone;
#[path = "support/folder.rs"]
mod folder;

use std::sync::LazyLock;

use alone::alone;
use folder::{STORE, deploy};
use memo_runtime::{MemoryStore, Region, memoize};

// The version is a hash of the signature, the body, `key`, `reads` and `cache_if`: not of `skip`, by which the same number is another
// argument. 102 is the answer for another key.
deploy!(
    skip_names_another_argument,
    {
        #[memoize(store = &STORE, unbounded, name = "f", skip(factor))]
        fn price(factor: u64, net: u64) -> u64 {
            factor * 100 + net
        }
        price(1, 2);
    },
    {
        #[memoize(store = &STORE, unbounded, name = "f", skip(net))]
        fn price(factor: u64, net: u64) -> u64 {
            factor * 100 + net
        }
        assert_eq!(price(2, 0), 200);
    }
);

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("failing", MemoryStore::new()));

fn region() -> &'static Region<MemoryStore> {
    if std::env::var_os("MEMO_ALONE").is_some() {
        itself(1);
    }
    &REGION
}
#[memoize(store = region(), unbounded)]
fn itself(n: u8) -> u8 {
    n
}
/// It waits for itself, without a word.
#[test]
fn a_region_that_asks_for_the_function_does_not_hang() {
    alone("a_region_that_asks_for_the_function_does_not_hang", || {
        let _ = std::panic::catch_unwind(|| itself(1));
    });
}
