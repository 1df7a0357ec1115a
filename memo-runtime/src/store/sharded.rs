//! A bounded cache in several parts, so that threads seldom meet at a lock.
//!
//! Bits of the hash that the parts' tables do not look at choose the part. The order of eviction is exact in each part.

use super::{
    AnyStore, CloneStore, Kept, Same, Store, StoredKey, Ticket,
    guarded::{Guarded, drop_each, lazy::Lazy, mode::Threads},
    lru::LruTables,
};
use crate::{
    info::{CacheInfo, Metrics},
    key::{KeyPart, KeyType, Lookup},
    outcome::Outcome,
};
use std::array;

/// A bounded store whose entries are spread over `SHARDS` parts, a power of two. A hit takes the lock of one part.
///
/// There are fewer parts if `CAPACITY` is below `SHARDS`, so that each has room for an entry.
pub struct Sharded<K: KeyPart, V, M, const CAPACITY: usize, const SHARDS: usize> {
    shards: Lazy<[Shard<K, V, M>; SHARDS], Threads>,
}

type Shard<K, V, M> = Guarded<LruTables<K, V>, M, Threads>;

impl<K: KeyPart, V, M, const CAPACITY: usize, const SHARDS: usize>
    Sharded<K, V, M, CAPACITY, SHARDS>
{
    /// How many parts are in use.
    const USED: usize = {
        let mut used = SHARDS;
        while used > CAPACITY {
            used /= 2;
        }
        used
    };

    /// A cold store.
    pub const fn new() -> Self {
        const { assert!(SHARDS.is_power_of_two(), "the number of shards is a power of two") };
        const { assert!(SHARDS <= 1 << 16, "the shards are built on the stack") };
        const { assert!(CAPACITY > 0, "a store has room for an entry") };
        Sharded { shards: Lazy::new() }
    }

    /// The part for `hash`.
    #[inline]
    fn index(hash: u64) -> usize {
        // The table in a part chooses a slot by the lowest bits, and tells keys apart by the highest ones.
        #[allow(clippy::cast_possible_truncation, reason = "the mask keeps fewer bits")]
        let bits = (hash >> 32) as usize;
        bits & (Self::USED - 1)
    }

    /// How much of the capacity the part at `index` has.
    const fn limit(index: usize) -> usize {
        let more = index < CAPACITY % Self::USED;
        CAPACITY / Self::USED + more as usize
    }

    /// The part for `hash`, if the store is not cold.
    #[inline]
    fn get(&self, hash: u64) -> Option<&Shard<K, V, M>> {
        Some(&self.shards.get().ok()?[Self::index(hash)])
    }

    /// The parts, which are cold at first.
    fn build(&self) -> &[Shard<K, V, M>; SHARDS] {
        self.shards.get_or_build(|forgettings| array::from_fn(|_| Guarded::cold(forgettings)))
    }

    /// The part for `hash`, and its share of the capacity.
    fn place(&self, hash: u64) -> (&Shard<K, V, M>, usize) {
        let index = Self::index(hash);
        (&self.build()[index], Self::limit(index))
    }
}

impl<K: KeyPart, V, M: Metrics, const CAPACITY: usize, const SHARDS: usize> Default
    for Sharded<K, V, M, CAPACITY, SHARDS>
{
    fn default() -> Self {
        Self::new()
    }
}

impl<K: KeyPart, V, M: Metrics, const CAPACITY: usize, const SHARDS: usize> AnyStore
    for Sharded<K, V, M, CAPACITY, SHARDS>
{
    fn empty(&mut self) {
        drop(self.shards.take());
    }
    fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Ok(others) = other.shards.get() {
                for (index, (shard, other)) in self.build().iter().zip(others).enumerate() {
                    shard.absorb(Self::limit(index), other);
                }
            }
        }
    }
}

impl<K: KeyPart, V, M: Metrics, const CAPACITY: usize, const SHARDS: usize> Store
    for Sharded<K, V, M, CAPACITY, SHARDS>
{
    type Key = K;
    type Value = V;
    fn begin(&self, hash: u64) -> Ticket {
        if M::ENABLED {
            let (shard, limit) = self.place(hash);
            return shard.begin(limit);
        }
        match self.shards.get() {
            Ok(shards) => {
                let index = Self::index(hash);
                shards[index].begin(Self::limit(index))
            }
            Err(forgettings) => Ticket(forgettings),
        }
    }
    fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.get(hash).is_some_and(|shard| shard.contains(hash, args))
    }
    fn info(&self) -> CacheInfo {
        let mut info = CacheInfo { capacity: Some(CAPACITY), ..CacheInfo::default() };
        let counts = M::ZERO;
        if let Ok(shards) = self.shards.get() {
            for shard in shards {
                info.len += shard.len();
                shard.count(&counts);
            }
        }
        counts.fill(&mut info);
        info
    }
}

impl<K: KeyPart, V, M: Metrics, const CAPACITY: usize, const SHARDS: usize> CloneStore
    for Sharded<K, V, M, CAPACITY, SHARDS>
{
    #[inline]
    fn hit<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.get(hash)?.hit(hash, args)
    }
    #[inline]
    fn hit_or<A, O, R>(&self, hash: u64, args: A, miss: impl FnOnce(&Self, u64, A) -> R) -> R
    where
        A: Lookup<K>,
        O: Outcome<R, Value = V>,
        V: Clone,
    {
        match self.get(hash) {
            Some(shard) => shard.hit_or::<A, O, R>(hash, args, |hash, args| miss(self, hash, args)),
            None => miss(self, hash, args),
        }
    }
    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        value: V,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        let (shard, limit) = self.place(hash);
        shard.keep(limit, ticket, hash, key, value, same)
    }
    fn peek<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.get(hash)?.peek(hash, args)
    }
    fn insert(&self, hash: u64, key: StoredKey<Self>, value: V)
    where
        K: KeyType,
    {
        let (shard, limit) = self.place(hash);
        shard.insert(limit, hash, key, value);
    }
    fn remove<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        let (shard, limit) = self.place(hash);
        shard.remove(limit, hash, args)
    }
    fn clear(&self) {
        /// Clears a part when dropped, so that a destructor that panics in one part does not keep the others.
        struct Clearing<'a, K: KeyPart, V, M: Metrics>(&'a Shard<K, V, M>);
        impl<K: KeyPart, V, M: Metrics> Drop for Clearing<'_, K, V, M> {
            fn drop(&mut self) {
                self.0.clear();
            }
        }
        let mut shards = self.shards.get_or_forget().into_iter().flatten();
        drop_each(|| shards.next().map(Clearing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        info::{NoStats, Stats},
        key::ByValue,
    };

    type Key = (ByValue<u64>,);

    /// Fills the store with far more than it may hold; what it holds then.
    fn filled<S: CloneStore<Key = Key, Value = u64> + Default>() -> CacheInfo {
        let store = S::default();
        for key in 0..20_000 {
            let hash = S::hash(&(key,));
            let ticket = store.begin(hash);
            store.keep(ticket, hash, (key,), key);
            assert_eq!(store.hit(hash, &(key,)), Some(key));
        }
        store.info()
    }

    #[test]
    fn the_parts_hold_the_capacity_exactly() {
        assert_eq!(filled::<Sharded<Key, u64, NoStats, 1000, 16>>().len, 1000);
        assert_eq!(filled::<Sharded<Key, u64, NoStats, 7, 4>>().len, 7);
        assert_eq!(filled::<Sharded<Key, u64, NoStats, 3, 8>>().len, 3);
        assert_eq!(filled::<Sharded<Key, u64, NoStats, 1, 64>>().len, 1);
        assert_eq!(filled::<Sharded<Key, u64, NoStats, 9, 1>>().len, 9);
    }

    #[test]
    fn a_panic_in_one_part_does_not_keep_the_others() {
        struct Loud;
        impl Clone for Loud {
            fn clone(&self) -> Self {
                Loud
            }
        }
        impl Drop for Loud {
            fn drop(&mut self) {
                assert!(std::thread::panicking(), "the first one");
            }
        }
        let store = Sharded::<Key, Loud, NoStats, 64, 4>::new();
        for key in 0..16 {
            store.insert(
                <Sharded<Key, Loud, NoStats, 64, 4> as Store>::hash(&(key,)),
                (key,),
                Loud,
            );
        }
        assert_eq!(store.info().len, 16);
        let clear = std::panic::AssertUnwindSafe(|| store.clear());
        assert!(std::panic::catch_unwind(clear).is_err());
        assert_eq!(store.info().len, 0);
    }

    #[test]
    fn counts_are_summed() {
        let info = filled::<Sharded<Key, u64, Stats, 1000, 16>>();
        assert_eq!(
            (info.hits, info.misses, info.evictions),
            (Some(20_000), Some(20_000), Some(19_000))
        );
    }

    #[test]
    fn the_parts_are_about_equally_used() {
        let mut used = [0; 16];
        for key in 0..16_000u64 {
            let hash = <Sharded<Key, u64, NoStats, 1000, 16> as Store>::hash(&(key,));
            used[Sharded::<Key, u64, NoStats, 1000, 16>::index(hash)] += 1;
        }
        assert!(used.iter().all(|used| (700..1300).contains(used)), "{used:?}");
    }
}
