//! The store in memory does what every store does.

#[path = "conformance/asynchronous.rs"]
mod asynchronous;
#[path = "conformance/mod.rs"]
mod conformance;

use memo_runtime::MemoryStore;

#[test]
fn the_memory_store_conforms() {
    conformance::conforms(&MemoryStore::new());
}

#[test]
fn the_memory_store_conforms_for_async_functions() {
    asynchronous::conforms(MemoryStore::new());
}
