//! What hangs off an instance, and what can be done with it by who does not know its type?

#[cfg(feature = "verify")]
use crate::verify::notes::{Aside, Notes};
use crate::{
    cache_set::CacheSet,
    fields::Fields,
    mutation::{Attention, Mutation, MutationGuard, ScratchGuard},
};

/// What can be done with the caches of a type that is not known.
pub(super) struct Operations {
    /// Frees the heap.
    pub(super) free: unsafe fn(*mut Header),
    /// Drops all entries that depend on these fields; or says that the heap can go, and leaves that to its owner.
    pub(super) forget: unsafe fn(*mut Header, Fields) -> bool,
    /// Drops all entries that depend on these fields, and marks them as changing.
    pub(super) mutate: unsafe fn(*mut Header, Fields) -> MutationGuard,
    /// Ends marks that were to stay for good; if a guard is alive nevertheless, drops all entries and says so.
    pub(super) clear: unsafe fn(*mut Header) -> bool,
    /// Marks the fields as changing.
    pub(super) mark: unsafe fn(*mut Header, Fields) -> MutationGuard,
}

#[repr(C)]
pub(super) struct Header {
    pub(super) operations: &'static Operations,
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
    pub(super) const OPERATIONS: Operations = Operations {
        free: free_heap::<C>,
        forget: forget_in_heap::<C>,
        mutate: mutate_heap::<C>,
        clear: clear_heap::<C>,
        mark: mark_heap::<C>,
    };

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

    /// Drops all entries that depend on these fields.
    fn forget(&mut self, changed: Fields) {
        // All is in order before the first `Drop` of the user's runs, which may panic.
        let mut gone = C::new();
        self.caches.take(changed, &mut gone);
        let kept = self.mutation.take_kept();
        self.header.attention.forgotten(changed);
        drop(kept);
        drop(gone);
    }
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, given up by its owner.
unsafe fn free_heap<C>(heap: *mut Header) {
    // SAFETY: the caller's promise; `Heap` is `repr(C)` with the header first.
    drop(unsafe { Box::from_raw(heap.cast::<Heap<C>>()) });
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent exclusively by its owner.
unsafe fn forget_in_heap<C: CacheSet>(heap: *mut Header, changed: Fields) -> bool {
    // SAFETY: the caller's promise.
    let heap = unsafe { &mut *heap.cast::<Heap<C>>() };
    let is_over = C::depends_on(changed) && !heap.mutation.is_active();
    if !is_over {
        heap.forget(changed);
    }
    is_over
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent exclusively by its owner.
unsafe fn mutate_heap<C: CacheSet>(heap: *mut Header, changed: Fields) -> MutationGuard {
    // SAFETY: the caller's promise.
    let heap = unsafe { &mut *heap.cast::<Heap<C>>() };
    heap.forget(changed);
    heap.mutation.begin_alone(changed)
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent exclusively by its owner.
unsafe fn clear_heap<C: CacheSet>(heap: *mut Header) -> bool {
    // SAFETY: the caller's promise.
    let heap = unsafe { &mut *heap.cast::<Heap<C>>() };
    let is_active = heap.mutation.end_stay();
    if is_active {
        heap.forget(Fields::ALL);
    }
    is_active
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent by its owner.
unsafe fn mark_heap<C>(heap: *mut Header, changed: Fields) -> MutationGuard {
    // SAFETY: the caller's promise.
    let heap = unsafe { &*heap.cast::<Heap<C>>() };
    heap.mutation.begin(&heap.header.attention, changed)
}
