//! At most so many results, for one thread.

use super::{
    guarded::{Guarded, delegate, mode::Local},
    lru::LruTables,
};
use crate::{info::Metrics, key::KeyPart};

/// [`Lru`](super::Lru) without a lock.
pub struct LocalLru<K: KeyPart, V, M, const CAPACITY: usize> {
    guarded: Guarded<LruTables<K, V>, M, Local>,
}

impl<K: KeyPart, V, M, const CAPACITY: usize> LocalLru<K, V, M, CAPACITY> {
    /// A cold store.
    pub const fn new() -> Self {
        const { assert!(CAPACITY > 0, "a store has room for an entry") };
        LocalLru { guarded: Guarded::new() }
    }
}

delegate! {
    LocalLru<K, V, M, CAPACITY>;
    any [K: KeyPart, V, M: Metrics, const CAPACITY: usize];
    key K; value V;
    limit CAPACITY; capacity Some(CAPACITY);
}
