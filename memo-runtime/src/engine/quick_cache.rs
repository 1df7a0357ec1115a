//! An engine that is a cache of the crate `quick_cache`.

use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash},
};

use ::quick_cache::{Lifecycle, Weighter, sync::Cache};

use super::Engine;

/// With the feature `quick_cache`.
#[diagnostic::do_not_recommend]
impl<K, V, W, S, L> Engine<K, V> for Cache<K, V, W, S, L>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    W: Weighter<K, V> + Clone + Send + Sync + 'static,
    S: BuildHasher + Clone + Send + Sync + 'static,
    L: Lifecycle<K, V> + Clone + Send + Sync + 'static,
{
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        Cache::get(self, key)
    }
    fn insert(&self, key: K, value: V) {
        Cache::insert(self, key, value);
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        Cache::remove(self, key).is_some()
    }
    fn clear(&self) {
        Cache::clear(self);
    }
    fn len(&self) -> Option<usize> {
        Some(Cache::len(self))
    }
}
