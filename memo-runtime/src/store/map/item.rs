//! Where does an entry lie: in the table, or apart from it?
//!
//! A table that is replaced by a bigger one is still read, so an entry in it is there twice for a while. That takes
//! types that may be duplicated bit by bit, and that the user's `Eq` and `Clone` cannot change: [`Copies`] is the evidence.
//! Mere absence of drop glue would not do: a `Clone` may take the `&mut T` out of a `Cell<Option<&mut T>>`, which must not
//! be there twice. A [`Lent`] may be there twice too: both are only read, and what is in the present table is dropped.

use std::{
    panic::{RefUnwindSafe, UnwindSafe},
    ptr::NonNull,
};

use crate::key::{Copies, KeyPart};

/// What a map holds for one key. `FORGETS` says that the map forgets through `&self`, and so hands out values only as
/// clones. Otherwise a value is a [`Lent`].
pub(super) struct Entry<K: KeyPart, V, const FORGETS: bool> {
    pub(super) key: K::Stored,
    pub(super) value: V,
}

/// A value in a box of its own, so that references to it stay good when the entry moves.
pub(super) struct Lent<V>(NonNull<V>);

impl<V> Lent<V> {
    pub(super) fn new(value: V) -> Self {
        Self(NonNull::from(Box::leak(Box::new(value))))
    }

    /// Good until the value is dropped with its entry.
    #[inline]
    pub(super) fn as_ptr(&self) -> *const V {
        self.0.as_ptr()
    }
}

impl<V> Drop for Lent<V> {
    fn drop(&mut self) {
        // SAFETY: it was a leaked box, and of the entries that name it only one is ever dropped.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

// SAFETY: it owns its value, like a box.
unsafe impl<V: Send> Send for Lent<V> {}
// SAFETY: as above.
unsafe impl<V: Sync> Sync for Lent<V> {}
impl<V: UnwindSafe> UnwindSafe for Lent<V> {}
impl<V: RefUnwindSafe> RefUnwindSafe for Lent<V> {}

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
    /// Whether entries lie in the slots: they are small, and may be duplicated. Always the same for one type; a constant in
    /// optimised code.
    fn inline() -> bool;
}

/// The most that a slot may hold. Vacant slots take as much as others, so memory is what limits it.
const MOST_BYTES: usize = 32;
/// The alignment of a table's header, and so of its first slot.
pub(super) const MOST_ALIGNED: usize = 16;

impl<K: KeyPart, V, const FORGETS: bool> Entry<K, V, FORGETS> {
    const FITS: bool = size_of::<Self>() <= MOST_BYTES && align_of::<Self>() <= MOST_ALIGNED;
}

impl<K: KeyPart, V, const FORGETS: bool> Item for Entry<K, V, FORGETS> {
    const PROTECTED: bool = FORGETS;

    #[inline]
    fn inline() -> bool {
        Self::FITS && K::copies().is_some() && (!FORGETS || Copies::<V>::known().is_some())
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
            Entry::<(ByValue<S>,), V, true>::inline()
        }
        assert!(inline::<u64, u64>());
        assert!(inline::<(), ()>());
        assert!(inline::<u128, Option<char>>());
        assert!(!inline::<u128, Option<u128>>());
        assert!(!inline::<String, u64>());
        assert!(!inline::<u64, Cell<u64>>());
        assert!(!inline::<u64, &mut u64>());
        assert!(Entry::<(ByValue<u64>,), Lent<String>, false>::inline());
        assert!(!Entry::<(ByValue<String>,), Lent<u64>, false>::inline());
    }
}
