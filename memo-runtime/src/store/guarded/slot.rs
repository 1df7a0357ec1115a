//! How is a stored value cloned when no lock may be held while the user's `Clone` runs?
//!
//! A small value without a destructor is copied bit by bit under the lock, and the copy is cloned after the lock
//! is let go of. Any other value is stored behind an `Arc` (or `Rc`), whose clone costs no code of the user.
//!
//! Invariants of [`Slot`]:
//!
//! - If [`Slot::INLINE`], the field `inline` is initialised, and its value has no destructor; else `shared` is.
//! - A stored value is only read, and only through a copy or a shared reference.

use super::mode::Mode;
use std::mem::{ManuallyDrop, MaybeUninit, needs_drop};

/// Values up to this size are copied.
const MAX_COPIED: usize = 128;

/// A stored value, or a snapshot of one.
pub(crate) union Slot<V, S: Mode> {
    /// Never read as a `V` by value: a copy must not claim to be the only one, as a `&mut` inside it would.
    inline: ManuallyDrop<MaybeUninit<V>>,
    shared: ManuallyDrop<S::Shared<V>>,
}

impl<V, S: Mode> Slot<V, S> {
    /// Whether snapshots are copies.
    const INLINE: bool = !needs_drop::<V>() && size_of::<V>() <= MAX_COPIED;

    pub(crate) fn new(value: V) -> Self {
        if Self::INLINE {
            Slot { inline: ManuallyDrop::new(MaybeUninit::new(value)) }
        } else {
            Slot { shared: ManuallyDrop::new(S::Shared::from(value)) }
        }
    }

    /// A second slot for the same value. Runs no code of the user.
    #[inline]
    pub(crate) fn snapshot(&self) -> Self {
        if Self::INLINE {
            // SAFETY: `inline` is the field in use. Its copy is a `MaybeUninit`, which claims nothing.
            Slot { inline: unsafe { (&raw const self.inline).read() } }
        } else {
            // SAFETY: `shared` is the field in use.
            Slot { shared: unsafe { self.shared.clone() } }
        }
    }

    #[inline]
    pub(crate) fn get(&self) -> &V {
        if Self::INLINE {
            // SAFETY: `inline` is the field in use, and it is initialised.
            unsafe { self.inline.assume_init_ref() }
        } else {
            // SAFETY: `shared` is the field in use.
            unsafe { &self.shared }
        }
    }
}

impl<V, S: Mode> Drop for Slot<V, S> {
    #[inline]
    fn drop(&mut self) {
        if !Self::INLINE {
            // SAFETY: `shared` is the field in use, and it is not used again.
            unsafe { ManuallyDrop::drop(&mut self.shared) }
        }
    }
}
