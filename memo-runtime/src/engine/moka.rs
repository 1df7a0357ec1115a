//! An engine that is a cache of the crate `moka`.

use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash},
};

use ::moka::sync::Cache;

use super::Engine;

/// With the feature `moka`. `len()` counts what its maintenance has taken note of.
#[diagnostic::do_not_recommend]
impl<K, V, S> Engine<K, V> for Cache<K, V, S>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    S: BuildHasher + Clone + Send + Sync + 'static,
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
        self.invalidate_all();
    }
    fn len(&self) -> Option<usize> {
        usize::try_from(self.entry_count()).ok()
    }
}
