//! What is the hash of a key?
//!
//! A number that nobody can foresee: all that the hasher starts from is random, and made once for the process. It must be
//! all. If it started from a constant, a key whose first word is that constant would hash to 0 with any other seeds,
//! whatever its second word is, and whoever chooses the arguments could make all keys collide.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::OnceLock,
};

use foldhash::{SharedSeed, fast::FoldHasher};

use super::{KeyPart, KeyType, Lookup};

/// What the hasher starts from.
struct Seeds {
    start: u64,
    shared: SharedSeed,
}

static SEEDS: OnceLock<Seeds> = OnceLock::new();

impl Seeds {
    #[cold]
    fn random() -> Self {
        // Its keys come from the system.
        let random = |number: u64| RandomState::new().hash_one(number);
        Self { start: random(0), shared: SharedSeed::from_u64(random(1)) }
    }
}

/// Hashes the key of one call.
#[inline]
pub fn hash_of<K: KeyPart + ?Sized, A: Lookup<K>>(args: &A) -> u64 {
    hash_from(SEEDS.get_or_init(Seeds::random), args)
}

/// [`hash_of`] a key that is stored.
#[inline]
pub fn hash_of_stored<K: KeyType + ?Sized>(stored: &K::Stored) -> u64 {
    let seeds = SEEDS.get_or_init(Seeds::random);
    let mut hasher = FoldHasher::with_seed(seeds.start, &seeds.shared);
    K::hash_stored(stored, &mut hasher);
    hasher.finish()
}

/// [`hash_of`], unless nothing was hashed yet. A call that makes no other calls on its way need save nothing for them.
#[inline]
pub fn hash_if_seeded<K: KeyPart + ?Sized, A: Lookup<K>>(args: &A) -> Option<u64> {
    Some(hash_from(SEEDS.get()?, args))
}

#[inline]
fn hash_from<K: KeyPart + ?Sized, A: Lookup<K>>(seeds: &Seeds, args: &A) -> u64 {
    let mut hasher = FoldHasher::with_seed(seeds.start, &seeds.shared);
    args.hash_part(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ByValue;

    #[test]
    fn no_first_part_makes_the_second_one_irrelevant() {
        // Numbers that a hasher without a secret start may start from.
        for first in [0x9e37_79b9_7f4a_7c15_u64, 0x082e_fa98_ec4e_6c89, 0] {
            let hash = |second: u64| hash_of::<(ByValue<u64>, ByValue<u64>), _>(&(first, second));
            assert_ne!(hash(1), hash(2));
        }
    }
}
