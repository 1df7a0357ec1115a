//! How do the entries of a function live in a cache of the user's choosing?
//!
//! The type of the engine is inferred from the user's expression, and a `static` cannot name it: [`Erased`] is what a store knows of it.
//! An engine sees an [`EngineKey`], which has the hash that was computed once, and is looked up by a [`Query`], which borrows what
//! the function was called with.

#[cfg(feature = "moka")]
mod moka;
#[cfg(feature = "quick_cache")]
mod quick_cache;

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
    ptr,
};

use crate::key::{KeyPart, Lookup};

/// An in-process cache of your choosing, which holds the entries of a function that is memoized with `engine = …`.
///
/// `K` wraps the key of the function. It is hashed and compared as the function's key is, so that floats are keys, and it is looked up
/// borrowed: a hit on a `&str` allocates nothing. `V` is what is stored: the function's result, or of one written `Result<T, E>` the
/// `T`; with the option `ttl`, it comes with a deadline.
///
/// An engine is for all threads, and for one function: two that share an object would find each other's results. What it holds, and
/// for how long, is its own affair: to lose an entry is a miss, and no more. So are its rules for calls back from a key's `Eq` or a value's `Clone` and `Drop`, and for panics in them. That of two threads which
/// miss a key together one result is kept, and that a `clear()` keeps out what was computed before it, is seen to around the engine:
/// of calls that insert or remove there is one at a time for a key.
///
/// ```
/// use memo_runtime::{Engine, memoize};
/// use std::{borrow::Borrow, collections::HashMap, hash::Hash, sync::Mutex};
///
/// /// Holds what was inserted last.
/// struct Generation<K, V> {
///     limit: usize,
///     entries: Mutex<HashMap<K, V>>,
/// }
///
/// impl<K, V> Engine<K, V> for Generation<K, V>
/// where
///     K: Hash + Eq + Send + 'static,
///     V: Clone + Send + 'static,
/// {
///     fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
///     where
///         K: Borrow<Q>,
///     {
///         self.entries.lock().unwrap().get(key).cloned()
///     }
///     fn insert(&self, key: K, value: V) {
///         let mut entries = self.entries.lock().unwrap();
///         if entries.len() == self.limit {
///             entries.clear();
///         }
///         entries.insert(key, value);
///     }
///     fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
///     where
///         K: Borrow<Q>,
///     {
///         self.entries.lock().unwrap().remove(key).is_some()
///     }
///     fn clear(&self) {
///         self.entries.lock().unwrap().clear();
///     }
///     fn len(&self) -> Option<usize> {
///         Some(self.entries.lock().unwrap().len())
///     }
/// }
///
/// #[memoize(engine = Generation { limit: 100, entries: Mutex::default() })]
/// fn words(text: &str) -> usize {
///     text.split(' ').count()
/// }
///
/// assert_eq!(words("to be or not"), 4);
/// assert_eq!(words_cache().info().len, Some(1));
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be the engine of this function; it holds the keys and results of all threads; implement `memo_runtime::Engine`, or add the feature `moka` or `quick_cache`; the result needs `Clone`, and both `Send` and `Sync`",
    label = "no `Engine` for this key and this result",
    note = "with `ttl`, what it holds are values with a deadline: its type leaves open of what values"
)]
#[allow(clippy::len_without_is_empty, reason = "how many there are is asked of it, to be shown")]
pub trait Engine<K, V>: Send + Sync + 'static {
    /// A clone of the value of a key, if it is there.
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>;

    /// Stores a value, in place of one that is there.
    fn insert(&self, key: K, value: V);

    /// Forgets a key; says whether it was there. After it, no call finds what was.
    fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>;

    /// Forgets all keys. After it, no call finds what was.
    fn clear(&self);

    /// How many entries there are, if the engine can tell.
    fn len(&self) -> Option<usize> {
        None
    }
}

/// The key of a function, as an engine sees it.
pub struct EngineKey<K: KeyPart> {
    hash: u64,
    stored: K::Stored,
    same: fn(&K::Stored, &K::Stored) -> bool,
}

impl<K: KeyPart> EngineKey<K> {
    pub(crate) fn new(
        hash: u64,
        stored: K::Stored,
        same: fn(&K::Stored, &K::Stored) -> bool,
    ) -> Self {
        Self { hash, stored, same }
    }

    #[cfg(any(test, feature = "verify"))]
    pub(crate) fn key(&self) -> &K::Stored {
        &self.stored
    }
}

impl<K: KeyPart> Clone for EngineKey<K>
where
    K::Stored: Clone,
{
    fn clone(&self) -> Self {
        Self { hash: self.hash, stored: self.stored.clone(), same: self.same }
    }
}

impl<K: KeyPart> fmt::Debug for EngineKey<K>
where
    K::Stored: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stored.fmt(f)
    }
}

impl<K: KeyPart> Hash for EngineKey<K> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
}

impl<K: KeyPart> PartialEq for EngineKey<K> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (self.same)(&self.stored, &other.stored)
    }
}
impl<K: KeyPart> Eq for EngineKey<K> {}

/// What a key is looked up by.
pub trait Query<K: KeyPart> {
    /// The hash of the key.
    fn hash(&self) -> u64;
    /// Whether it is that stored key.
    fn matches(&self, stored: &K::Stored) -> bool;
    /// The stored key that this is.
    fn stored(&self) -> Option<&K::Stored>;
}

impl<K: KeyPart> Query<K> for EngineKey<K> {
    fn hash(&self) -> u64 {
        self.hash
    }
    fn matches(&self, stored: &K::Stored) -> bool {
        (self.same)(&self.stored, stored)
    }
    fn stored(&self) -> Option<&K::Stored> {
        Some(&self.stored)
    }
}

/// The arguments of a call.
pub(crate) struct Asked<'a, A> {
    pub(crate) hash: u64,
    pub(crate) args: &'a A,
}

impl<K: KeyPart, A: Lookup<K>> Query<K> for Asked<'_, A> {
    fn hash(&self) -> u64 {
        self.hash
    }
    fn matches(&self, stored: &K::Stored) -> bool {
        self.args.matches(stored)
    }
    fn stored(&self) -> Option<&K::Stored> {
        None
    }
}

impl<'a, K: KeyPart + 'a> Borrow<dyn Query<K> + 'a> for EngineKey<K> {
    fn borrow(&self) -> &(dyn Query<K> + 'a) {
        self
    }
}

impl<K: KeyPart> Hash for dyn Query<K> + '_ {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(Query::hash(self));
    }
}

impl<K: KeyPart> PartialEq for dyn Query<K> + '_ {
    fn eq(&self, other: &Self) -> bool {
        if Query::hash(self) != Query::hash(other) {
            return false;
        }
        match (self.stored(), other.stored()) {
            (_, Some(stored)) => self.matches(stored),
            (Some(stored), None) => other.matches(stored),
            (None, None) => ptr::addr_eq(self, other),
        }
    }
}
impl<K: KeyPart> Eq for dyn Query<K> + '_ {}

/// An engine of a type that is not known.
pub(crate) trait Erased<K: KeyPart, V>: Send + Sync {
    fn get(&self, key: &dyn Query<K>) -> Option<V>;
    fn insert(&self, key: EngineKey<K>, value: V);
    fn remove(&self, key: &dyn Query<K>) -> bool;
    fn clear(&self);
    fn len(&self) -> Option<usize>;
}

/// An engine of the user's.
pub(crate) struct Chosen<E>(pub(crate) E);

impl<K: KeyPart, V, E: Engine<EngineKey<K>, V>> Erased<K, V> for Chosen<E> {
    fn get(&self, key: &dyn Query<K>) -> Option<V> {
        self.0.get(key)
    }
    fn insert(&self, key: EngineKey<K>, value: V) {
        self.0.insert(key, value);
    }
    fn remove(&self, key: &dyn Query<K>) -> bool {
        self.0.remove(key)
    }
    fn clear(&self) {
        self.0.clear();
    }
    fn len(&self) -> Option<usize> {
        self.0.len()
    }
}
