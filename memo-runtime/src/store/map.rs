//! How do results with a key live, so that a hit takes no lock?
//!
//! In a hash table whose readers only load ([`table`]); what they may still hold when it is forgotten is freed by
//! [`crate::reclaim`]. [`core`] says how writers keep the user's code out of their lock.

mod core;
mod group;
mod item;
mod space;
mod table;
mod writer;

#[cfg(all(test, loom))]
mod loom_tests;
#[cfg(all(test, not(loom)))]
mod tests;

use self::core::{Core, Fate};
use self::item::Entry;
pub use self::item::{Expires, Forgets, Lends, Policy, Sieves};
use super::{
    AnyStore, CloneStore, Good, Kept, Look, RefStore, Same, Store, StoredKey, Ticket,
    mode::{Mode, Threads},
};
use crate::{
    info::{CacheInfo, Metrics, NoStats},
    key::{KeyPart, Lookup},
    reclaim::Seen,
    sync::const_new,
    term::Endless,
};

/// A store of any number of results, or of so many as the policy allows.
pub struct Table<K: KeyPart, V, M: Metrics, P: Policy, S: Mode>(Core<K, V, M, P, S>);

/// The store of a method whose results are cached without bound.
pub type Map<K, V, M = NoStats, S = Threads> = Table<K, V, M, Forgets, S>;
/// A [`Map`] that hands out references, and so forgets only through `&mut self`.
pub type KeptMap<K, V, M = NoStats, S = Threads> = Table<K, V, M, Lends, S>;
/// A [`Map`] whose entries have a deadline.
pub type TimedMap<K, V, M = NoStats, S = Threads> = Table<K, V, M, Expires<Forgets>, S>;
/// A bounded store whose hits take no lock.
pub type Sieve<K, V, M, S, const CAPACITY: usize> = Table<K, V, M, Sieves<CAPACITY>, S>;
/// A [`Sieve`] whose entries have a deadline.
pub type TimedSieve<K, V, M, S, const CAPACITY: usize> =
    Table<K, V, M, Expires<Sieves<CAPACITY>>, S>;

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Table<K, V, M, P, S> {
    const_new! {
        /// An empty store, which takes no heap.
        pub fn new() -> Self {
            const { assert!(P::LIMIT > 0, "a store has room for an entry") };
            Self(Core::new())
        }
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Default for Table<K, V, M, P, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> AnyStore for Table<K, V, M, P, S> {
    fn absorb(&self, other: &Self) {
        self.0.absorb(&other.0);
    }
}

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Store for Table<K, V, M, P, S> {
    type Key = K;
    type Value = V;
    type Term = P::Term;

    #[inline]
    fn begin(&self, _hash: u64) -> Ticket {
        self.0.begin()
    }

    fn count_hit(&self) {
        self.0.count_hit();
    }

    fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.0.read(hash, args, A::matches, |_| ()).is_some()
    }

    fn info(&self) -> CacheInfo {
        self.0.info()
    }

    fn forget_all(&self) -> bool {
        if !P::LENDS {
            self.0.clear();
        }
        !P::LENDS
    }
}

/// Policies that forget through `&self`.
pub trait Clones: Policy {}
impl Clones for Forgets {}
impl<P: Clones> Clones for Expires<P> {}
impl<const CAPACITY: usize> Clones for Sieves<CAPACITY> {}

impl<K: KeyPart, V, M: Metrics, P: Clones, S: Mode> CloneStore for Table<K, V, M, P, S> {
    type Ref<'s>
        = Seen<'s, V, Core<K, V, M, P, S>>
    where
        Self: 's;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "with a call more, a hit costs a quarter more")]
    fn look<A: Lookup<K>>(&self, hash: u64, args: &A) -> Look<Self::Ref<'_>> {
        self.0.look(hash, args, A::matches)
    }

    fn find<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<Self::Ref<'_>> {
        self.0.hit(hash, args, A::matches)
    }

    #[inline]
    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        match self.0.keep(Some(ticket), hash, key, good, same, V::clone) {
            Fate::Stored(_) | Fate::Renewed => Kept::Stored,
            Fate::Declined => Kept::Declined,
            Fate::Present(value) => Kept::Present(value),
        }
    }

    fn peek<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.0.read(hash, args, A::matches, V::clone)
    }

    fn insert_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        (value, term): Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) {
        self.0.insert(hash, Entry::new(key, value, term), same);
    }

    fn remove<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.0.remove(hash, |key| args.matches(key))
    }

    fn clear(&self) {
        self.0.clear();
    }
}

impl<K: KeyPart, V, M: Metrics, S: Mode> RefStore for Table<K, V, M, Lends, S> {
    #[inline]
    fn hit_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        let value = self.peek_ref(hash, args)?;
        self.0.count_hit();
        Some(value)
    }

    #[inline]
    fn peek_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        self.0.lend(hash, args, A::matches)
    }

    /// # Panics
    ///
    /// If there are more entries than slots, some two thousand millions.
    fn keep_ref_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        value: V,
        same: impl Same<StoredKey<Self>>,
    ) -> &V {
        match self.0.keep_and_lend(hash, key, (value, Endless), same) {
            Some(value) => value,
            None => panic!("a memoized method has more results than can be kept"),
        }
    }
}
