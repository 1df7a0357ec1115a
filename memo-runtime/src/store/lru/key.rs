//! How does the crate `lru` find an entry by a hash that is known and a comparison of ours?
//!
//! It compares keys in two ways. For a look-up it borrows each key as a [`Hashed`] [`Probe`] and compares that with the one
//! looked for. When it adds or evicts an entry it compares keys with each other: by then we know that the new key is not
//! there, so a key is equal to itself only, and no code of the user runs.

use std::{
    borrow::Borrow,
    hash::{BuildHasher, Hash, Hasher},
    ptr,
};

/// A key, or what is compared with keys, and the hash of either, which is never computed again.
pub(super) struct Hashed<T: ?Sized> {
    pub(super) hash: u64,
    pub(super) part: T,
}

/// A key in the table.
pub(super) type Stored<K> = Hashed<Own<K>>;
pub(super) struct Own<K>(pub(super) K);
/// Looks for a key.
pub(super) struct By<F>(pub(super) F);

/// One side of a comparison.
pub(super) trait Probe<K> {
    /// The key, if this is one that is in the table.
    fn stored(&self) -> Option<&K>;
    /// Whether this looks for that key.
    fn is(&self, stored: &K) -> bool;
}

impl<K> Probe<K> for Own<K> {
    #[inline]
    fn stored(&self) -> Option<&K> {
        Some(&self.0)
    }
    #[inline]
    fn is(&self, _stored: &K) -> bool {
        false
    }
}

impl<K, F: Fn(&K) -> bool> Probe<K> for By<F> {
    #[inline]
    fn stored(&self) -> Option<&K> {
        None
    }
    #[inline]
    fn is(&self, stored: &K) -> bool {
        (self.0)(stored)
    }
}

impl<T: ?Sized> Hash for Hashed<T> {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
}

impl<K> PartialEq for Stored<K> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}
impl<K> Eq for Stored<K> {}

impl<'a, K: 'a> Borrow<Hashed<dyn Probe<K> + 'a>> for Stored<K> {
    #[inline]
    fn borrow(&self) -> &Hashed<dyn Probe<K> + 'a> {
        self
    }
}

impl<K> PartialEq for Hashed<dyn Probe<K> + '_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // Which of the two is the key in the table is not promised.
        self.hash == other.hash
            && match other.part.stored() {
                Some(stored) => self.part.is(stored),
                None => self.part.stored().is_some_and(|stored| other.part.is(stored)),
            }
    }
}
impl<K> Eq for Hashed<dyn Probe<K> + '_> {}

/// Takes the hash that a key comes with.
#[derive(Clone, Copy, Default)]
pub(super) struct Identity(u64);

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
