//! Where is the store of a memoized call?

use std::marker::PhantomData;

use crate::{
    fields::Fields,
    home::{BlockHome, CacheSet, Reading},
    store::{CloneStore, RefStore, Store},
};

/// Where a store is.
pub trait Place {
    /// The store.
    type Store: Store;
    /// The store, if nothing has to be done before and after its use. A hit goes this way: a closure that some call takes
    /// by reference would put the key and its hash in memory.
    #[inline]
    fn direct(&self) -> Option<&Self::Store> {
        None
    }
    /// Uses the store. What it keeps may live only as long as this call, but nested uses see the same store.
    fn with<R>(&self, operation: impl FnOnce(&Self::Store) -> R) -> R;
}

/// A place whose store hands out clones.
pub trait ClonePlace: Place<Store: CloneStore> {}

/// A place whose store keeps its values for `'a`, so that references to them may leave [`Place::with`].
///
/// # Safety
///
/// The value behind a reference that the [`RefStore`] of `direct` or `with_lasting` returned lives at least for `'a`.
pub unsafe trait KeepingPlace<'a>: Place<Store: RefStore> {
    /// Uses the store, and keeps what it holds for `'a`.
    fn with_lasting<R>(&self, operation: impl FnOnce(&Self::Store) -> R) -> R {
        self.with(operation)
    }
}

/// A store that outlives the call: a type's, or one that an accessor looks at.
#[derive(Debug)]
pub struct Shared<'a, S>(pub &'a S);

impl<S> Clone for Shared<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for Shared<'_, S> {}

impl<S: Store> Place for Shared<'_, S> {
    type Store = S;
    #[inline]
    fn direct(&self) -> Option<&S> {
        Some(self.0)
    }
    #[inline]
    fn with<R>(&self, operation: impl FnOnce(&S) -> R) -> R {
        operation(self.0)
    }
}
impl<S: CloneStore> ClonePlace for Shared<'_, S> {}

/// A store that hands out references, and keeps what is behind them for `'a`.
#[derive(Debug)]
pub struct Lasting<'a, S>(pub &'a S);

impl<S: RefStore> Place for Lasting<'_, S> {
    type Store = S;
    #[inline]
    fn direct(&self) -> Option<&S> {
        Some(self.0)
    }
    #[inline]
    fn with<R>(&self, operation: impl FnOnce(&S) -> R) -> R {
        operation(self.0)
    }
}
// SAFETY: the store is borrowed for `'a`, and a `RefStore` drops nothing through `&self`.
unsafe impl<'a, S: RefStore> KeepingPlace<'a> for Lasting<'a, S> {}

/// The store of an instance-scoped method, found by `select` among the caches of the block, `C`.
///
/// `C` is named so that the compiler says nothing more of a call once it has said that the type has no caches.
pub struct InInstance<'a, S, Block, F, C> {
    pub(super) instance: &'a S,
    pub(super) select: F,
    block: PhantomData<fn() -> (Block, C)>,
}

impl<S: BlockHome<Block>, Block, F, C> InInstance<'_, S, Block, F, C> {
    #[inline(never)]
    fn enter<const LASTING: bool, R>(
        &self,
        reads: Fields,
        operation: impl FnOnce(&<S as BlockHome<Block>>::Caches) -> R,
    ) -> R {
        let heap = self.instance.caches().heap();
        let scratch = heap.enter(reads, LASTING);
        let caches = scratch.as_ref().map_or(&heap.caches, |scratch| scratch.caches());
        operation(S::block(caches))
    }
}

impl<'a, S, Block, F, C> InInstance<'a, S, Block, F, C> {
    /// A place in `instance`.
    #[inline]
    pub const fn new(instance: &'a S, select: F) -> Self {
        Self { instance, select, block: PhantomData }
    }
}

impl<S, Block, F, T, C, const INDEX: usize> Place for InInstance<'_, S, Block, F, C>
where
    S: BlockHome<Block>,
    F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
    T: Store,
{
    type Store = T;
    #[inline]
    fn direct(&self) -> Option<&T> {
        let heap = self.instance.caches().warm()?;
        if heap.is_marked(const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] }) {
            None
        } else {
            Some((self.select)(S::block(&heap.caches)).store())
        }
    }
    #[inline]
    fn with<R>(&self, operation: impl FnOnce(&T) -> R) -> R {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        self.enter::<false, R>(reads, move |caches| operation((self.select)(caches).store()))
    }
}
// SAFETY: the instance is borrowed for `'a`; neither its own caches nor scratch caches that are to last are freed
// before it is borrowed mutably.
unsafe impl<'a, S, Block, F, T, C, const INDEX: usize> KeepingPlace<'a>
    for InInstance<'a, S, Block, F, C>
where
    S: BlockHome<Block>,
    F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
    T: RefStore,
{
    #[inline]
    fn with_lasting<R>(&self, operation: impl FnOnce(&T) -> R) -> R {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        self.enter::<true, R>(reads, move |caches| operation((self.select)(caches).store()))
    }
}
