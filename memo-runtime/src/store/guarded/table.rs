//! What does a table have to do, to be kept behind a lock?

use crate::key::KeyPart;

/// A kind of table, for all forms that its values may be stored in.
pub(crate) trait Tables {
    /// The marker of the key: see [`crate::key`].
    type Key: KeyPart;
    /// What callers get.
    type Value;
    /// The table for values stored as `W`.
    type Table<W>: Table<<Self::Key as KeyPart>::Stored, W>;
}

/// Entries that are found by their hash and by `is`, the only code of the user that any of these methods runs.
pub(crate) trait Table<K, W> {
    /// An empty table for at most `limit` entries; allocates nothing.
    fn new(limit: usize) -> Self;
    fn len(&self) -> usize;
    /// Finds an entry and makes it the most recently used one.
    fn hit(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W>;
    /// Finds an entry.
    fn peek(&self, hash: u64, is: impl Fn(&K) -> bool) -> Option<&W>;
    /// Adds an entry whose key is not in the table; what had to go for it.
    fn add(&mut self, hash: u64, key: K, value: W) -> Option<(K, W)>;
    /// Takes an entry out.
    fn take(&mut self, hash: u64, is: impl Fn(&K) -> bool) -> Option<(K, W)>;
    /// Takes everything out, and the memory with it.
    fn take_all(&mut self) -> Self;
}
