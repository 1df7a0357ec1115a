//! Where does an entry lie: in the table, or apart from it?
//!
//! A table that is replaced by a bigger one is still read, so an entry in it is there twice for a while. That takes
//! types that may be duplicated bit by bit, and that the user's `Eq` and `Clone` cannot change: [`Copies`] is the evidence.
//! Mere absence of drop glue would not do: a `Clone` may take the `&mut T` out of a `Cell<Option<&mut T>>`, which must not
//! be there twice.

use crate::key::{Copies, KeyPart};

/// What a map holds for one key. `FORGETS` says that the map forgets through `&self`, and so hands out values only as clones.
pub(super) struct Entry<K: KeyPart, V, const FORGETS: bool> {
    pub(super) key: K::Stored,
    pub(super) value: V,
}

/// What became of an entry.
pub(super) enum Fate<V, R> {
    /// The value is in the map, here.
    Stored(*const V),
    Declined,
    /// The key was there; what was asked of its value.
    Present(R),
}

/// What a table holds.
pub(super) trait Item: Sized {
    /// Whether readers are protected from what is forgotten. Otherwise all that is replaced is kept until `&mut`.
    const PROTECTED: bool;
    /// Whether entries lie in the slots: they are small, may move, and there is a [`Copies`] of what they hold. Always the
    /// same for one type; a constant in optimised code.
    fn inline() -> bool;
}

/// The most that a slot may hold. Vacant slots take as much as others, so memory is what limits it.
const MOST_BYTES: usize = 32;
/// The alignment of a table's header, and so of its first slot.
pub(super) const MOST_ALIGNED: usize = 16;

impl<K: KeyPart, V, const FORGETS: bool> Entry<K, V, FORGETS> {
    const MAY_MOVE: bool =
        FORGETS && size_of::<Self>() <= MOST_BYTES && align_of::<Self>() <= MOST_ALIGNED;
}

impl<K: KeyPart, V, const FORGETS: bool> Item for Entry<K, V, FORGETS> {
    const PROTECTED: bool = FORGETS;

    #[inline]
    fn inline() -> bool {
        Self::MAY_MOVE && K::copies().is_some() && Copies::<V>::known().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ByValue;
    use std::cell::Cell;

    #[test]
    fn only_small_copies_lie_in_the_slots() {
        fn inline<S, V>() -> bool {
            assert!(!Entry::<(ByValue<S>,), V, false>::inline());
            Entry::<(ByValue<S>,), V, true>::inline()
        }
        assert!(inline::<u64, u64>());
        assert!(inline::<(), ()>());
        assert!(inline::<u128, Option<char>>());
        assert!(!inline::<u128, Option<u128>>());
        assert!(!inline::<String, u64>());
        assert!(!inline::<u64, Cell<u64>>());
        assert!(!inline::<u64, &mut u64>());
    }
}
