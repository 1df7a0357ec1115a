//! How is a stored value cloned when no lock may be held while the user's `Clone` runs?
//!
//! A small value that is known to be `Copy` ([`Copies`]) is copied bit by bit under the lock, and the copy is cloned after
//! the lock is let go of ([`Copied`]). Any other value is stored behind an `Arc` or `Rc`, whose clone costs no code of the
//! user ([`Counted`]). These are two types, so that neither takes the room of the other. Mere absence of a destructor is
//! not enough for a copy: a `Clone` may take a `&mut` out of a cell, and would take it out of each copy again.

use crate::{
    key::Copies,
    store::{ValueRef, mode::Mode},
};

/// Values up to this size are copied.
const MAX_COPIED: usize = 128;

/// A stored value, or a snapshot of one.
pub(crate) trait Slot<V> {
    fn new(value: V) -> Self;
    /// A second slot for the same value. Runs no code of the user.
    fn snapshot(&self) -> Self;
    fn get(&self) -> &V;
}

/// A value that may be copied.
pub struct Copied<V> {
    value: V,
    copies: Copies<V>,
}

impl<V> Copied<V> {
    /// Whether values are stored like this. Always the same for one type; a constant in optimised code.
    #[inline]
    pub(crate) fn fits() -> bool {
        size_of::<V>() <= MAX_COPIED && Copies::<V>::known().is_some()
    }
}

impl<V> Slot<V> for Copied<V> {
    #[inline]
    fn new(value: V) -> Self {
        match Copies::known() {
            Some(copies) => Copied { value, copies },
            None => unreachable!("a value that may not be copied is counted"),
        }
    }
    #[inline]
    fn snapshot(&self) -> Self {
        Copied { value: self.copies.copy(&self.value), copies: self.copies }
    }
    #[inline]
    fn get(&self) -> &V {
        &self.value
    }
}

/// A value behind an `Arc` or `Rc`.
pub struct Counted<V, S: Mode>(S::Shared<V>);

impl<V, S: Mode> Slot<V> for Counted<V, S> {
    fn new(value: V) -> Self {
        Counted(S::Shared::from(value))
    }
    #[inline]
    fn snapshot(&self) -> Self {
        Counted(self.0.clone())
    }
    #[inline]
    fn get(&self) -> &V {
        &self.0
    }
}

/// What was found: a slot of the kind that is used. Apart, so that each can stay in registers.
pub struct Snapshot<V, S: Mode> {
    copied: Option<Copied<V>>,
    counted: Option<Counted<V, S>>,
}

impl<V, S: Mode> From<Copied<V>> for Snapshot<V, S> {
    #[inline]
    fn from(copied: Copied<V>) -> Self {
        Self { copied: Some(copied), counted: None }
    }
}

impl<V, S: Mode> From<Counted<V, S>> for Snapshot<V, S> {
    #[inline]
    fn from(counted: Counted<V, S>) -> Self {
        Self { copied: None, counted: Some(counted) }
    }
}

impl<V, S: Mode> ValueRef<V> for Snapshot<V, S> {
    #[inline]
    fn read<R>(self, read: impl FnOnce(&V) -> R) -> R {
        match (&self.copied, &self.counted) {
            (Some(slot), _) => read(slot.get()),
            (None, Some(slot)) => read(slot.get()),
            (None, None) => unreachable!("it is made of one of them"),
        }
    }
}
