//! What holds the results of one memoized method?
//!
//! | store | for | a hit costs |
//! |---|---|---|
//! | [`Once`] | no arguments | one load |
//! | [`Map`] | unbounded | no lock and no atomic read-modify-write |
//! | [`Sieve`] | `capacity` with `policy = "sieve"` | as [`Map`] |
//! | [`Lru`] | `capacity` | a lock, which costs next to nothing while one thread uses it |
//! | [`InEngine`] | `engine` | what a hit of the engine costs |
//! | [`KeptOnce`], [`KeptMap`] | `returns = "ref"` | as [`Once`], [`Map`] |
//!
//! [`Map`], [`Sieve`] and [`KeptMap`] are one table with different policies; each store is for threads or, with `unsync`,
//! for one ([`mode`]). With `ttl`, entries have a deadline ([`Term`]): a look-up treats one that is over as absent, a computed
//! value takes its place, and each insertion looks at a few others and takes out those that are over.
//!
//! Every store keeps these rules, which the callers in [`crate::call`] build on:
//!
//! - No code of the user (`Hash`, `Eq`, `Clone`, `Drop` of keys and values) runs in a way that a call back into the
//!   same store, from the same thread, could deadlock, panic, or lose a `clear` or `remove`.
//! - A panic in such code leaves the store usable, and stores nothing.
//! - A cold store costs at most 16 bytes (8 more with `stats`) and no heap.
//! - What is forgotten through `&self` is freed at once, or as soon as no reader can hold it.
//! - `len()` never exceeds the capacity.

#[cfg(not(loom))]
mod engine;
mod flights;
mod history;
mod lazy;
mod lru;
mod map;
pub(crate) mod mode;
mod once;
#[cfg(all(test, not(loom)))]
mod rules;

#[cfg(not(loom))]
pub use engine::{InEngine, TimedInEngine};
pub use flights::Flights;
pub use lru::{Lru, TimedLru};
pub use map::{Expires, Forgets, KeptMap, Lends, Map, Sieve, Sieves, Table, TimedMap, TimedSieve};
pub(crate) use mode::is_holding;
pub use mode::{Local, Threads};
pub use once::{KeptOnce, Once, TimedOnce};

use std::{marker::PhantomData, sync::Arc};

use crate::{
    flight::Table as FlightTable,
    info::CacheInfo,
    key::{KeyPart, KeyType, Lookup},
    reclaim::{Host, Seen},
    term::Term,
};

/// What [`Store::begin`] saw of the store's history: a result is only kept if its key has not been forgotten since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(pub(crate) u64);

/// What became of a computed value.
#[derive(Debug)]
pub enum Kept<V> {
    /// It is in the store now.
    Stored,
    /// It is not: its key was forgotten while it was computed, or the store cannot hold more.
    Declined,
    /// Another thread, or a call inside the body, stored this value for the key first.
    Present(V),
}

/// What all stores can do, whatever the bounds of their keys and values.
pub trait AnyStore {
    /// Adds the counts of `other`, a store of the same type, to this one's.
    fn absorb(&self, other: &Self)
    where
        Self: Sized;
}

/// A value, and until when it is good.
pub type Good<S> = (<S as Store>::Value, <S as Store>::Term);

/// How many entries an insertion looks at to find those that are over. More than one, so that the memory of a store is given
/// back faster than it is asked for.
const LOOKED_AT: u32 = 4;

/// The stored form of a store's key.
pub type StoredKey<S> = <<S as Store>::Key as KeyPart>::Stored;

/// The flights of a method with such a store.
pub type FlightsOf<S> = FlightTable<StoredKey<S>, Good<S>>;

/// How stored keys are compared and hashed.
pub trait Same<K>: Copy {
    /// Whether they are the same.
    fn same(self, left: &K, right: &K) -> bool;
    /// The hash of a key.
    fn hash(self, key: &K) -> u64;
    /// [`Same::same`], of a type without a name.
    fn function(self) -> fn(&K, &K) -> bool;
}

/// As the key type `K` does.
pub struct As<K: ?Sized>(PhantomData<fn() -> K>);
impl<K: ?Sized> As<K> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}
impl<K: ?Sized> Clone for As<K> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<K: ?Sized> Copy for As<K> {}
impl<K: KeyType> Same<K::Stored> for As<K> {
    #[inline]
    fn same(self, left: &K::Stored, right: &K::Stored) -> bool {
        K::same(left, right)
    }
    #[inline]
    fn hash(self, key: &K::Stored) -> u64 {
        crate::key::hash_of_stored::<K>(key)
    }
    fn function(self) -> fn(&K::Stored, &K::Stored) -> bool {
        K::same
    }
}

/// A home for the results of one memoized method.
///
/// The bounds of keys and values stand on the methods that need them, so that a missing one is reported once, where a
/// memoized call is made, and not for every mention of its store.
pub trait Store: AnyStore {
    /// The marker of the key: see [`crate::key`].
    type Key: KeyPart;
    /// What is stored.
    type Value;
    /// Until when entries are good.
    type Term: Term;

    /// The hash that the other methods ask for.
    #[inline]
    fn hash<A: Lookup<Self::Key>>(args: &A) -> u64 {
        Self::quick_hash(args).unwrap_or_else(|| crate::key::hash_of::<Self::Key, A>(args))
    }
    /// [`Store::hash`], if that takes no preparation. Stores without keys do not hash.
    #[inline]
    fn quick_hash<A: Lookup<Self::Key>>(args: &A) -> Option<u64> {
        crate::key::hash_if_seeded::<Self::Key, A>(args)
    }
    /// Counts a miss and notes which forgettings have happened before the body runs.
    fn begin(&self, hash: u64) -> Ticket;
    /// Counts a call that found its result elsewhere than here.
    fn count_hit(&self);
    /// Whether there is an entry. No promotion, no counting.
    fn contains<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> bool;
    /// Size, bound and counts.
    fn info(&self) -> CacheInfo;
    /// [`CloneStore::clear`], unless this store lends; says whether it does so.
    fn forget_all(&self) -> bool;
    /// The flights of the method, with `single_flight`. They are shared, so that one can end when the store is gone.
    #[inline]
    fn flights(&self) -> Option<&Arc<FlightsOf<Self>>> {
        None
    }
}

/// A result that can be handed out as a clone.
#[diagnostic::on_unimplemented(
    message = "a result of type `{Self}` cannot be cached; every hit returns a clone of it; implement `Clone`, return `Arc<_>`, or write `returns = \"ref\"`",
    label = "needs `Clone`"
)]
pub trait CacheValue: Clone {}
#[diagnostic::do_not_recommend]
impl<V: Clone> CacheValue for V {}

/// A `Result` whose `Ok` can be handed out as a clone.
pub trait CacheOk {
    /// What is stored.
    type Ok: Clone;
}
impl<T: CacheValue, E> CacheOk for Result<T, E> {
    type Ok = T;
}

/// What a first look-up says.
#[derive(Debug)]
pub enum Look<T> {
    /// Here it is.
    Found(T),
    /// There is none.
    Absent,
    /// That takes a second look.
    Unsure,
}

/// A value that was found, for one look at it.
pub trait ValueRef<V> {
    /// What `read` makes of it. May be any code.
    fn read<R>(self, read: impl FnOnce(&V) -> R) -> R;
    /// What `with` makes of a clone of it.
    #[inline]
    fn cloned<R>(self, with: impl FnOnce(V) -> R) -> R
    where
        V: Clone,
        Self: Sized,
    {
        self.read(|value| with(value.clone()))
    }
}

impl<V, H: Host> ValueRef<V> for Seen<'_, V, H> {
    #[inline]
    fn read<R>(self, read: impl FnOnce(&V) -> R) -> R {
        self.read(read)
    }
}

/// A store whose values are handed out as clones.
pub trait CloneStore: Store {
    /// A value that was found.
    type Ref<'s>: ValueRef<Self::Value>
    where
        Self: 's;
    /// A call's first look-up: [`CloneStore::find`] as far as it makes no calls.
    fn look<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Look<Self::Ref<'_>>;
    /// A call's look-up: counts a hit (not a miss) and makes the entry the most recently used.
    fn find<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Option<Self::Ref<'_>>;
    /// [`CloneStore::find`] a clone.
    #[cfg(test)]
    fn hit<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Option<Self::Value>
    where
        Self::Value: Clone,
    {
        self.find(hash, args).map(|found| found.cloned(|value| value))
    }
    /// Stores a computed value unless a key that is the same is there or has been forgotten since `ticket`.
    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<Self::Value>
    where
        Self::Value: Clone;
    /// [`CloneStore::keep_by`] the key's own equality, without end.
    fn keep(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        value: Self::Value,
    ) -> Kept<Self::Value>
    where
        Self::Key: KeyType,
        Self::Value: Clone,
    {
        self.keep_by(ticket, hash, key, (value, Term::ENDLESS), As::<Self::Key>::NEW)
    }
    /// A look-up without promotion or counting.
    fn peek<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Option<Self::Value>
    where
        Self::Value: Clone;
    /// Stores a value as if computed; replaces one that is there.
    fn insert_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        good: Good<Self>,
        same: impl Same<StoredKey<Self>>,
    );
    /// [`CloneStore::insert_by`] the key's own equality, without end.
    fn insert(&self, hash: u64, key: StoredKey<Self>, value: Self::Value)
    where
        Self::Key: KeyType,
    {
        self.insert_by(hash, key, (value, Term::ENDLESS), As::<Self::Key>::NEW);
    }
    /// Forgets one entry, also for computations under way; says whether it was there.
    fn remove<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> bool;
    /// Forgets all entries, also for computations under way; sets the counts to zero; frees the memory.
    fn clear(&self);
}

/// A store that hands out references, and so forgets only through `&mut self`.
pub trait RefStore: Store {
    /// A call's look-up: counts a hit (not a miss).
    fn hit_ref<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Option<&Self::Value>;
    /// A look-up without counting.
    fn peek_ref<A: Lookup<Self::Key>>(&self, hash: u64, args: &A) -> Option<&Self::Value>;
    /// Stores a value, or drops it if a key that is the same is there; the value that is there now.
    fn keep_ref_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        value: Self::Value,
        same: impl Same<StoredKey<Self>>,
    ) -> &Self::Value;
    /// [`RefStore::keep_ref_by`] the key's own equality.
    fn keep_ref(&self, hash: u64, key: StoredKey<Self>, value: Self::Value) -> &Self::Value
    where
        Self::Key: KeyType,
    {
        self.keep_ref_by(hash, key, value, As::<Self::Key>::NEW)
    }
}

/// Drops all that `next` yields, also when a destructor panics.
fn drop_each<E>(next: impl FnMut() -> Option<E>) {
    struct Rest<E, F: FnMut() -> Option<E>>(F);
    impl<E, F: FnMut() -> Option<E>> Drop for Rest<E, F> {
        fn drop(&mut self) {
            while let Some(entry) = (self.0)() {
                drop(entry);
            }
        }
    }
    let mut rest = Rest(next);
    while let Some(entry) = (rest.0)() {
        drop(entry);
    }
}
