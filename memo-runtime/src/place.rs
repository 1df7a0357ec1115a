//! Where is the store of a memoized call?

mod timed;

pub use self::timed::Timed;

use std::{marker::PhantomData, ops::Deref};

#[cfg(feature = "verify")]
use crate::instance::notes::Noted;
use crate::{
    cache_set::{CacheSet, Reading},
    fields::Fields,
    home::BlockHome,
    instance::Heap,
    mutation::ScratchGuard,
    store::{CloneStore, RefStore, Store},
    term::{Lifespan, Unlimited},
};

/// The value type of the store at `P`.
pub type Value<P> = <<P as Place>::Store as Store>::Value;
/// Until when the entries of the store at `P` are good.
pub type TermOf<P> = <<P as Place>::Store as Store>::Term;

/// Where a store is.
pub trait Place {
    /// The store.
    type Store: Store;
    /// How long its values are good.
    type Lifespan<'p>: Lifespan<Value<Self>, Term = TermOf<Self>>
    where
        Self: 'p;
    /// The store, while it is used.
    type Open<'p>: Deref<Target = Self::Store>
    where
        Self: 'p;
    /// How long its values are good.
    fn lifespan(&self) -> Self::Lifespan<'_>;
    /// The store, if nothing has to be done before and after its use. Nearly all calls go this way.
    fn direct(&self) -> Option<&Self::Store>;
    /// The store. What it keeps may live only as long as the result, but what is opened meanwhile is the same store.
    fn open(&self) -> Self::Open<'_>;
    /// Uses the store, and one beside it, if there can be one, for what a body computes that is run to verify.
    #[cfg(feature = "verify")]
    fn aside<R>(&self, operation: impl FnOnce(&Self::Store, Option<&Self::Store>) -> R) -> R {
        operation(&self.open(), None)
    }
    /// The instance's notes, and where in memory its own store is.
    #[cfg(feature = "verify")]
    fn notes(&self) -> Option<Noted<'_>> {
        None
    }
}

/// A place whose store hands out clones.
pub trait ClonePlace: Place<Store: CloneStore> {}

/// A place whose store keeps its values for `'a`, so that references to them may outlive the call.
pub trait KeepingPlace<'a>: Place<Store: RefStore + 'a> {
    /// [`Place::direct`].
    fn direct_lasting(&self) -> Option<&'a Self::Store>;
    /// The store, and what holds it open for others. What it keeps stays for `'a`.
    fn open_lasting(&self) -> (&'a Self::Store, impl Sized);
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

impl<'a, S: Store> Place for Shared<'a, S> {
    type Store = S;
    type Lifespan<'p>
        = Unlimited<S::Term>
    where
        Self: 'p;
    #[inline]
    fn lifespan(&self) -> Self::Lifespan<'_> {
        Unlimited::NEW
    }
    type Open<'p>
        = &'a S
    where
        Self: 'p;
    #[inline]
    fn direct(&self) -> Option<&S> {
        Some(self.0)
    }
    #[inline]
    fn open(&self) -> &'a S {
        self.0
    }
}
impl<S: CloneStore> ClonePlace for Shared<'_, S> {}
impl<'a, S: RefStore> KeepingPlace<'a> for Shared<'a, S> {
    #[inline]
    fn direct_lasting(&self) -> Option<&'a S> {
        Some(self.0)
    }
    fn open_lasting(&self) -> (&'a S, impl Sized) {
        (self.0, ())
    }
}

/// The store of an instance-scoped method, found by `select` among the caches of the block, `C`.
///
/// `C` is named so that the compiler says nothing more of a call once it has said that the type has no caches.
pub struct InInstance<'a, S, Block, F, C> {
    instance: &'a S,
    select: F,
    block: PhantomData<fn() -> (Block, C)>,
}

impl<'a, S, Block, F, C> InInstance<'a, S, Block, F, C> {
    /// A place in `instance`.
    #[inline]
    pub const fn new(instance: &'a S, select: F) -> Self {
        Self { instance, select, block: PhantomData }
    }
}

impl<'a, S: BlockHome<Block>, Block, F, C> InInstance<'a, S, Block, F, C> {
    /// The instance's own caches, if there are any and none of the fields asks for attention.
    #[inline]
    fn warm(&self, reads: Fields) -> Option<&'a Heap<S::AllCaches>> {
        let heap = self.instance.caches().warm()?;
        if heap.is_marked(reads) { None } else { Some(heap) }
    }

    /// The instance's own caches; and scratch caches, if one of the fields is changing.
    #[inline(never)]
    fn enter(
        &self,
        reads: Fields,
        lasting: bool,
    ) -> (&'a Heap<S::AllCaches>, Option<ScratchGuard<'a, S::AllCaches>>) {
        let heap = self.instance.caches().heap();
        (heap, heap.enter(reads, lasting))
    }
}

impl<'a, S: BlockHome<Block>, Block: 'a, F, C> InInstance<'a, S, Block, F, C> {
    /// The store for accessors: see [`accessible`].
    pub(crate) fn accessible<T, const INDEX: usize>(&self) -> &'a T
    where
        F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
    {
        accessible::<S, Block, T, INDEX>(self.instance, &self.select)
    }
}

/// An open store of an instance.
pub struct InHeap<'p, S: BlockHome<Block>, Block, F> {
    heap: &'p Heap<S::AllCaches>,
    scratch: Option<ScratchGuard<'p, S::AllCaches>>,
    select: &'p F,
    block: PhantomData<fn() -> Block>,
}

impl<S, Block, F, T, const INDEX: usize> Deref for InHeap<'_, S, Block, F>
where
    S: BlockHome<Block>,
    F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
{
    type Target = T;
    fn deref(&self) -> &T {
        let caches = self.scratch.as_ref().map_or(&self.heap.caches, ScratchGuard::caches);
        (self.select)(S::block(caches)).store()
    }
}

impl<S, Block, F, T, C, const INDEX: usize> Place for InInstance<'_, S, Block, F, C>
where
    S: BlockHome<Block>,
    F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
    T: Store,
{
    type Store = T;
    type Lifespan<'p>
        = Unlimited<T::Term>
    where
        Self: 'p;
    #[inline]
    fn lifespan(&self) -> Self::Lifespan<'_> {
        Unlimited::NEW
    }
    type Open<'p>
        = InHeap<'p, S, Block, F>
    where
        Self: 'p;
    #[inline]
    fn direct(&self) -> Option<&T> {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        Some((self.select)(S::block(&self.warm(reads)?.caches)).store())
    }
    fn open(&self) -> InHeap<'_, S, Block, F> {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        let (heap, scratch) =
            self.warm(reads).map_or_else(|| self.enter(reads, false), |heap| (heap, None));
        InHeap { heap, scratch, select: &self.select, block: PhantomData }
    }
    #[cfg(feature = "verify")]
    fn aside<R>(&self, operation: impl FnOnce(&T, Option<&T>) -> R) -> R {
        let aside = self.instance.caches().heap().aside();
        let beside = (self.select)(S::block(&aside)).store();
        operation(&self.open(), Some(beside))
    }
    #[cfg(feature = "verify")]
    fn notes(&self) -> Option<Noted<'_>> {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        let heap = self.instance.caches().heap();
        let store = std::ptr::from_ref((self.select)(S::block(&heap.caches)).store()).addr();
        let is_own = !heap.is_marked(reads);
        Some(Noted { notes: heap.notes(), store, fields: &S::FIELDS, is_own })
    }
}

impl<'a, S, Block, F, T, C, const INDEX: usize> KeepingPlace<'a> for InInstance<'a, S, Block, F, C>
where
    S: BlockHome<Block>,
    F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
    T: RefStore + 'a,
    <S as BlockHome<Block>>::Caches: 'a,
{
    #[inline]
    fn direct_lasting(&self) -> Option<&'a T> {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        Some((self.select)(S::block(&self.warm(reads)?.caches)).store())
    }
    fn open_lasting(&self) -> (&'a T, impl Sized) {
        let reads = const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] };
        let (heap, scratch) = self.enter(reads, true);
        let caches = scratch.as_ref().map_or(&heap.caches, ScratchGuard::lasting);
        ((self.select)(S::block(caches)).store(), scratch)
    }
}

/// The store of one instance-scoped method, for as long as the instance is borrowed.
///
/// A mutating instance shows an empty store, and forgets what is inserted.
pub(crate) fn accessible<'a, S, Block, T, const INDEX: usize>(
    instance: &'a S,
    select: impl Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
) -> &'a T
where
    S: BlockHome<Block>,
    Block: 'a,
{
    let heap = instance.caches().heap();
    let is_mutating =
        heap.is_mutating(const { <<S as BlockHome<Block>>::Caches as CacheSet>::READS[INDEX] });
    let caches = if is_mutating { heap.mutation.detached() } else { &heap.caches };
    select(S::block(caches)).store()
}
