//! What does a map hold, and does an entry lie in the table or apart from it?
//!
//! A table that is replaced by a bigger one is still read, so an entry in it is there twice for a while. That takes
//! types that may be duplicated bit by bit, and that the user's `Eq` and `Clone` cannot change: [`Copies`] is the evidence.
//! Mere absence of drop glue would not do: a `Clone` may take the `&mut T` out of a `Cell<Option<&mut T>>`, which must not
//! be there twice.

use std::marker::PhantomData;

use crate::{
    key::{Copies, KeyPart},
    store::mode::Mode,
    term::{Deadline, Endless, Term},
};

/// What a map holds for one key.
pub struct Entry<K: KeyPart, V, P: Policy, S> {
    pub(super) key: K::Stored,
    pub(super) value: V,
    pub(super) term: P::Term,
    kind: PhantomData<fn() -> (P, S)>,
}

/// How long a map keeps an entry.
pub trait Policy: 'static {
    /// Whether values are handed out by reference, so that nothing is forgotten through `&self`.
    const LENDS: bool = false;
    /// How many entries there may be.
    const LIMIT: usize = usize::MAX;
    /// Whether it matters which entries were hit.
    const VISITS: bool = false;
    /// Until when an entry is good.
    type Term: Term;
}

/// Until it is forgotten.
pub struct Forgets;
impl Policy for Forgets {
    type Term = Endless;
}

/// Until `&mut`: values are handed out by reference.
pub struct Lends;
impl Policy for Lends {
    const LENDS: bool = true;
    type Term = Endless;
}

/// At most so many. Those that were hit since the hand has passed them stay for another round (SIEVE, NSDI 2024).
pub struct Sieves<const CAPACITY: usize>;
impl<const CAPACITY: usize> Policy for Sieves<CAPACITY> {
    const LIMIT: usize = CAPACITY;
    const VISITS: bool = true;
    type Term = Endless;
}

/// As another policy says, and until a deadline at most.
pub struct Expires<P>(PhantomData<P>);
impl<P: Policy> Policy for Expires<P> {
    const LENDS: bool = P::LENDS;
    const LIMIT: usize = P::LIMIT;
    const VISITS: bool = P::VISITS;
    type Term = Deadline;
}

/// What a table holds.
pub trait Item: Sized {
    /// As [`Policy::VISITS`].
    const VISITS: bool;
    /// As [`Term::EXPIRES`].
    const EXPIRES: bool;
    /// Whether it is over.
    fn is_over(&self) -> bool;
    /// Whether entries lie in the slots: they are small, and may be duplicated. Always the same for one type; a constant in
    /// optimised code. Otherwise a slot is a pointer.
    fn inline() -> bool;
    /// Whether readers have to be protected from what is forgotten.
    fn is_pinned() -> bool;
    /// Whether a slot whose entry is gone may take another one at once: no reader looks at the entry in the slot itself.
    #[inline]
    fn reuses() -> bool {
        !Self::inline() || !Self::is_pinned()
    }
}

/// The most that a slot may hold. Vacant slots take as much as others, so memory is what limits it.
const MOST_BYTES: usize = 32;
/// The alignment of a table's header, and so of its first slot.
pub(super) const MOST_ALIGNED: usize = 16;

impl<K: KeyPart, V, P: Policy, S> Entry<K, V, P, S> {
    const FITS: bool = size_of::<Self>() <= MOST_BYTES && align_of::<Self>() <= MOST_ALIGNED;

    #[inline]
    pub(super) const fn new(key: K::Stored, value: V, term: P::Term) -> Self {
        Self { key, value, term, kind: PhantomData }
    }
}

impl<K: KeyPart, V, P: Policy, S: Mode> Item for Entry<K, V, P, S> {
    const VISITS: bool = P::VISITS;
    const EXPIRES: bool = P::Term::EXPIRES;

    #[inline]
    fn is_over(&self) -> bool {
        self.term.is_over()
    }

    #[inline]
    fn inline() -> bool {
        !P::LENDS && Self::FITS && K::copies().is_some() && Copies::<V>::known().is_some()
    }

    #[inline]
    fn is_pinned() -> bool {
        // Where entries lie in the slots, no code of the user runs while one is looked at.
        !P::LENDS && (S::SHARED || !Self::inline())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::{
        key::ByValue,
        store::mode::{Local, Threads},
    };
    use std::cell::Cell;

    #[test]
    fn only_small_copies_lie_in_the_slots() {
        fn inline<K, V>() -> bool {
            Entry::<(ByValue<K>,), V, Forgets, Threads>::inline()
        }
        assert!(inline::<u64, u64>());
        assert!(inline::<(), ()>());
        assert!(inline::<u128, Option<char>>());
        assert!(!inline::<u128, Option<u128>>());
        assert!(!inline::<String, u64>());
        assert!(!inline::<u64, Cell<u64>>());
        assert!(!inline::<u64, &mut u64>());
        assert!(!Entry::<(ByValue<u64>,), u64, Lends, Threads>::inline());
    }

    #[test]
    fn readers_are_protected_where_they_could_lose_an_entry() {
        type Key = (ByValue<u64>,);
        assert!(Entry::<Key, u64, Forgets, Threads>::is_pinned());
        assert!(Entry::<Key, String, Sieves<1>, Local>::is_pinned());
        assert!(!Entry::<Key, u64, Forgets, Local>::is_pinned());
        assert!(!Entry::<Key, String, Lends, Threads>::is_pinned());
    }
}
