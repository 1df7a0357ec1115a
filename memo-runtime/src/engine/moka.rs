//! An engine that is a cache of the crate `moka`.

use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash},
    hint,
    sync::{Mutex, PoisonError},
    time::Instant,
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
        // What was cleared or has expired is in place until moka's maintenance comes by. An insertion over it would first give it a new
        // time, which the two share, and then take its place: in between it would count again.
        if !self.contains_key(&key) {
            self.invalidate(&key);
        }
        Cache::insert(self, key, value);
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        // What was cleared or has expired is in the cache until its maintenance comes by; to take it out is not to forget it.
        let is_there = self.contains_key(key);
        Cache::remove(self, key).is_some() && is_there
    }
    fn clear(&self) {
        // `invalidate_all` reads the clock, and then stores it as the time before which nothing counts. Who is interrupted in
        // between would set that time back, and what others have cleared meanwhile would be there again: so one at a time. No
        // code of the user runs under this lock.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        // What was inserted in the very tick of that time counts, on a clock of long ticks.
        let begun = Instant::now();
        while Instant::now() == begun {
            hint::spin_loop();
        }
        self.invalidate_all();
    }
    fn len(&self) -> Option<usize> {
        usize::try_from(self.entry_count()).ok()
    }
}
