//! What does a slot say?
//!
//! A word. Its lower half is a tag, which is half of a hash; the upper half is the index of an entry, or zero where
//! entries lie in the slots themselves.

/// A slot that has never been used.
pub(super) const EMPTY: u64 = 0;
/// A slot whose entry is forgotten. Its tag is no key's.
pub(super) const GONE: u64 = 1;
/// The most slots that the tag's bits can address.
pub(super) const MOST_SLOTS: u32 = 1 << 31;

/// The half of the hash that slots hold. Never as small as the tags of [`EMPTY`] and [`GONE`].
#[inline]
pub(super) fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32 | MOST_SLOTS
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the lower half is the tag")]
pub(super) fn tag_in(word: u64) -> u32 {
    word as u32
}

#[inline]
pub(super) fn index_in(word: u64) -> u32 {
    (word >> 32) as u32
}

#[inline]
pub(super) fn word_of(tag: u32, index: u32) -> u64 {
    u64::from(index) << 32 | u64::from(tag)
}

/// Whether the slot with that word has an entry.
pub(super) fn is_taken(word: u64) -> bool {
    word != EMPTY && word != GONE
}
