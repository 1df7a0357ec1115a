//! What hangs off an instance, and what can be done with it by who does not know its type?

#[cfg(feature = "verify")]
use super::notes::{Aside, Notes};
use crate::{
    cache_set::CacheSet,
    fields::Fields,
    mutation::{Attention, Mutation, MutationGuard, ScratchGuard},
};

/// What can be done with caches of a type that is not known.
pub(super) trait Erased {
    /// Drops all entries that depend on these fields; or says that the heap can go, and leaves that to its owner.
    fn forget(&mut self, changed: Fields) -> bool;
    /// Drops all entries that depend on these fields, and marks them as changing.
    fn mutate(&mut self, changed: Fields) -> MutationGuard;
    /// Ends marks that were to stay for good; if a guard is alive nevertheless, drops all entries and says so.
    fn clear(&mut self) -> bool;
    /// Marks the fields as changing.
    fn mark(&self, changed: Fields) -> MutationGuard;
}

/// What is known of caches of any type.
#[repr(C)]
pub(super) struct Header {
    /// What this is the header of. With what is borrowed in there as if for ever, as it cannot be named here.
    pub(super) whole: *mut dyn Erased,
    pub(super) attention: Attention,
    #[cfg(feature = "verify")]
    pub(super) notes: Notes,
}

/// What hangs off the injected field from the first memoized call on.
#[repr(C)]
pub(crate) struct Heap<C> {
    pub(super) header: Header,
    pub(crate) mutation: Mutation<C>,
    #[cfg(feature = "verify")]
    pub(super) aside: Aside<C>,
    pub(crate) caches: C,
}

impl<C: CacheSet> Heap<C> {
    /// Whether a memoized call that reads these fields has to look closer.
    #[inline]
    pub(crate) fn is_marked(&self, reads: Fields) -> bool {
        self.header.attention.is_asked(reads)
    }

    /// Whether one of these fields is changing.
    pub(crate) fn is_mutating(&self, reads: Fields) -> bool {
        self.is_marked(reads) && self.mutation.is_mutating(&self.header.attention, reads)
    }

    /// Enters the scratch caches, if one of these fields is changing.
    #[inline]
    pub(crate) fn enter(&self, reads: Fields, lasting: bool) -> Option<ScratchGuard<'_, C>> {
        if !self.is_marked(reads) {
            return None;
        }
        self.mutation.enter(&self.header.attention, reads, &self.caches, lasting)
    }

    /// What the instance knows of its changes.
    #[cfg(feature = "verify")]
    pub(crate) fn notes(&self) -> &Notes {
        &self.header.notes
    }

    /// Caches for what bodies compute that are run to verify.
    #[cfg(feature = "verify")]
    pub(crate) fn aside(&self) -> std::sync::Arc<C> {
        self.aside.enter()
    }

    fn drop_entries(&mut self, changed: Fields) {
        // All is in order before the first `Drop` of the user's runs, which may panic.
        let mut gone = C::new();
        self.caches.take(changed, &mut gone);
        let kept = self.mutation.take_kept();
        self.header.attention.forgotten(changed);
        drop(kept);
        drop(gone);
    }
}

impl<C: CacheSet> Erased for Heap<C> {
    fn forget(&mut self, changed: Fields) -> bool {
        let is_over = C::depends_on(changed) && !self.mutation.is_active();
        if !is_over {
            self.drop_entries(changed);
        }
        is_over
    }

    fn mutate(&mut self, changed: Fields) -> MutationGuard {
        self.drop_entries(changed);
        self.mutation.begin_alone(changed)
    }

    fn clear(&mut self) -> bool {
        let is_active = self.mutation.end_stay();
        if is_active {
            self.drop_entries(Fields::ALL);
        }
        is_active
    }

    fn mark(&self, changed: Fields) -> MutationGuard {
        self.mutation.begin(&self.header.attention, changed)
    }
}
