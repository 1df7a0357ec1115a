//! A store with the flights of its method beside it.

use std::sync::{Arc, OnceLock};

use super::{
    AnyStore, CloneStore, FlightsOf, Good, Kept, Look, RefStore, Same, Store, StoredKey, Ticket,
    mode::Undecided,
};
use crate::{flight::Table, info::CacheInfo, key::Lookup};

/// A store with the flights of its method beside it: the caches of a mutating instance have their own. Their table is made by the
/// first miss. All auto traits are those of the store, which owns keys and values as flights do.
pub struct Flights<S: Store> {
    store: S,
    table: Undecided<OnceLock<Arc<FlightsOf<S>>>>,
}

impl<S: Store + Default> Flights<S> {
    /// An empty store.
    pub fn new() -> Self {
        Self::around(S::default())
    }
}

impl<S: Store> Flights<S> {
    /// That store, without any flights.
    pub fn around(store: S) -> Self {
        Self { store, table: Undecided(OnceLock::new()) }
    }
}

impl<S: Store + Default> Default for Flights<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Store> AnyStore for Flights<S> {
    fn absorb(&self, other: &Self) {
        self.store.absorb(&other.store);
    }
}

impl<S: Store> Store for Flights<S> {
    type Key = S::Key;
    type Value = S::Value;
    type Term = S::Term;

    #[inline]
    fn hash<A: Lookup<S::Key>>(args: &A) -> u64 {
        S::hash(args)
    }
    #[inline]
    fn quick_hash<A: Lookup<S::Key>>(args: &A) -> Option<u64> {
        S::quick_hash(args)
    }
    fn begin(&self, hash: u64) -> Ticket {
        self.store.begin(hash)
    }
    fn count_hit(&self) {
        self.store.count_hit();
    }
    fn contains<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> bool {
        self.store.contains(hash, args)
    }
    fn info(&self) -> CacheInfo {
        self.store.info()
    }
    fn forget_all(&self) -> bool {
        self.store.forget_all()
    }
    fn flights(&self) -> Option<&Arc<FlightsOf<Self>>> {
        Some(self.table.get_or_init(|| Arc::new(Table::new())))
    }
}

impl<S: CloneStore> CloneStore for Flights<S> {
    type Ref<'s>
        = S::Ref<'s>
    where
        Self: 's;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "as that of the store")]
    fn look<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> Look<S::Ref<'_>> {
        self.store.look(hash, args)
    }
    #[inline]
    fn find<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> Option<S::Ref<'_>> {
        self.store.find(hash, args)
    }
    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<S::Value>
    where
        S::Value: Clone,
    {
        self.store.keep_by(ticket, hash, key, good, same)
    }
    fn peek<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> Option<S::Value>
    where
        S::Value: Clone,
    {
        self.store.peek(hash, args)
    }
    fn insert_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) {
        self.store.insert_by(hash, key, good, same);
    }
    fn remove<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> bool {
        self.store.remove(hash, args)
    }
    fn clear(&self) {
        self.store.clear();
    }
}

impl<S: RefStore> RefStore for Flights<S> {
    #[inline]
    fn hit_ref<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> Option<&S::Value> {
        self.store.hit_ref(hash, args)
    }
    #[inline]
    fn peek_ref<A: Lookup<S::Key>>(&self, hash: u64, args: &A) -> Option<&S::Value> {
        self.store.peek_ref(hash, args)
    }
    fn keep_ref_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        value: S::Value,
        same: impl Same<StoredKey<Self>>,
    ) -> &S::Value {
        self.store.keep_ref_by(hash, key, value, same)
    }
}
