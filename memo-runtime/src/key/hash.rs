//! What is the hash of a key?

use std::hash::Hasher;

use super::{KeyPart, Lookup};

/// Hashes the key of one call, with seeds that differ from process to process.
#[inline]
pub fn hash_of<K: KeyPart + ?Sized, A: Lookup<K>>(args: &A) -> u64 {
    /// Any odd constant: the process-wide seed carries the randomness.
    const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hasher =
        foldhash::fast::FoldHasher::with_seed(SEED, foldhash::SharedSeed::global_random());
    args.hash_part(&mut hasher);
    // Keys that follow each other may fall into neighbouring slots otherwise, which linear probing pays for.
    hasher.finish().wrapping_mul(SEED)
}
