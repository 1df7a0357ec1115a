//! What is looked up in a table, and what does a table have to do?

use super::{mode::Mode, slot::Slot};
use crate::{
    key::{KeyPart, Lookup},
    store::Same,
};
use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash, Hasher},
    ptr,
};

/// Entries that are found by a [`Probe`]. No method but [`Probe::matches`] runs code of the user.
pub(crate) trait Table<S: Mode> {
    type Key: KeyPart;
    type Value;
    /// An empty table for at most `limit` entries; allocates nothing.
    fn new(limit: usize) -> Self;
    fn len(&self) -> usize;
    /// Finds an entry and makes it the most recently used one.
    fn hit<P: Probe<Self::Key>>(&mut self, probe: &Hashed<P>) -> Option<Slot<Self::Value, S>>;
    /// Finds an entry.
    fn peek<P: Probe<Self::Key>>(&self, probe: &Hashed<P>) -> Option<Slot<Self::Value, S>>;
    /// Adds an entry whose key is not in the table; what had to go for it.
    fn add(
        &mut self,
        key: Stored<Self::Key>,
        value: Slot<Self::Value, S>,
    ) -> Option<Entry<Self::Key, Self::Value, S>>;
    /// Takes an entry out.
    fn take<P: Probe<Self::Key>>(
        &mut self,
        probe: &Hashed<P>,
    ) -> Option<Entry<Self::Key, Self::Value, S>>;
    /// Takes everything out, and the memory with it.
    fn take_all(&mut self) -> Self;
}

/// A key and its value.
pub(crate) type Entry<K, V, S> = (Stored<K>, Slot<V, S>);

/// A key, or what a key is compared with, and the hash of either.
pub(crate) struct Hashed<T: ?Sized> {
    pub(crate) hash: u64,
    pub(crate) part: T,
}

/// A key in a table. Its hash is never computed again.
pub(crate) type Stored<K> = Hashed<Key<K>>;
/// The parts of a key.
pub(crate) struct Key<K: KeyPart>(pub(crate) K::Stored);

/// What a key in a table is compared with.
pub(crate) trait Probe<K: KeyPart> {
    /// The key, if this is one that is in a table.
    fn stored(&self) -> Option<&K::Stored> {
        None
    }
    fn matches(&self, stored: &K::Stored) -> bool;
}

/// A look-up by what the caller has.
pub(crate) struct ByArgs<'a, A>(pub(crate) &'a A);
/// A look-up by a key that is about to be stored.
pub(crate) struct ByKey<'a, K, F>(pub(crate) &'a K, pub(crate) F);

impl<K: KeyPart, A: Lookup<K>> Probe<K> for ByArgs<'_, A> {
    #[inline]
    fn matches(&self, stored: &K::Stored) -> bool {
        self.0.matches(stored)
    }
}

impl<K: KeyPart, F: Same<K::Stored>> Probe<K> for ByKey<'_, K::Stored, F> {
    fn matches(&self, stored: &K::Stored) -> bool {
        (self.1)(self.0, stored)
    }
}

impl<K: KeyPart> Probe<K> for Key<K> {
    #[inline]
    fn stored(&self) -> Option<&K::Stored> {
        Some(&self.0)
    }
    fn matches(&self, stored: &K::Stored) -> bool {
        ptr::eq(&raw const self.0, stored)
    }
}

impl<P> Hashed<P> {
    /// Whether this look-up is for `key`.
    #[inline]
    pub(crate) fn is<K: KeyPart>(&self, key: &Stored<K>) -> bool
    where
        P: Probe<K>,
    {
        self.hash == key.hash && self.part.matches(&key.part.0)
    }
}

// For the `lru` crate, which compares keys in two ways: look-ups by `Borrow<Hashed<dyn Probe<K>>>`, and, when it adds
// or evicts an entry, a key with another one. By then we know that the key is not there, so a key is equal to
// itself only, and no code of the user runs.
impl<T: ?Sized> Hash for Hashed<T> {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
}
impl<K: KeyPart> PartialEq for Stored<K> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}
impl<K: KeyPart> Eq for Stored<K> {}
impl<'a, K: KeyPart + 'a> Borrow<Hashed<dyn Probe<K> + 'a>> for Stored<K>
where
    K::Stored: 'a,
{
    #[inline]
    fn borrow(&self) -> &Hashed<dyn Probe<K> + 'a> {
        self
    }
}
impl<K: KeyPart> PartialEq for Hashed<dyn Probe<K> + '_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // The other one is the key in the table, as the standard library's tables have it; they do not promise it.
        self.hash == other.hash
            && match other.part.stored() {
                Some(stored) => self.part.matches(stored),
                None => self.part.stored().is_some_and(|stored| other.part.matches(stored)),
            }
    }
}
impl<K: KeyPart> Eq for Hashed<dyn Probe<K> + '_> {}

/// Takes the hash that a key comes with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Identity(u64);

impl BuildHasher for Identity {
    type Hasher = Identity;
    #[inline]
    fn build_hasher(&self) -> Identity {
        Identity(0)
    }
}

impl Hasher for Identity {
    #[inline]
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
    fn write(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.is_empty(), "keys are hashed once, before they get here");
    }
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}
