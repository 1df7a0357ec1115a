//! How do the attribute on a struct and that on its blocks meet?
//!
//! Neither can see the other's item, so each declares its half in these traits. Their messages are what the user reads
//! when a half is missing.

use std::mem;

use crate::{
    fields::{FieldList, Fields},
    instance::InstanceCaches,
    store::AnyStore,
};

/// The stores of one block, or of all blocks of a type.
#[doc(hidden)]
pub trait CacheSet: Sized {
    /// The fields that the results in each store depend on.
    const READS: &'static [Fields];
    /// All stores empty.
    fn new() -> Self;
    /// Moves the stores whose entries depend on one of these fields to `gone`, and leaves empty ones. To drop them is left to
    /// the caller: a `Drop` that panics finds everything in order.
    fn take(&mut self, changed: Fields, gone: &mut Self);
    /// Whether the entries of all stores depend on one of these fields.
    fn depends_on(changed: Fields) -> bool {
        Self::READS.iter().all(|reads| reads.overlap(changed))
    }
    /// Adds the counts of `other`.
    fn absorb(&self, other: &Self);
}

/// The store of one method: the one at `INDEX` among those of its block.
pub struct Reading<T, const INDEX: usize>(T);

impl<T, const INDEX: usize> Reading<T, INDEX> {
    /// Holds an empty store.
    pub const fn new(store: T) -> Self {
        Self(store)
    }
    #[inline]
    pub(crate) fn store(&self) -> &T {
        &self.0
    }
}

impl<T: AnyStore, const INDEX: usize> Reading<T, INDEX> {
    /// Changes places with `gone`, which is empty, if the results depend on one of these fields.
    #[inline]
    pub fn take<C: CacheSet>(&mut self, changed: Fields, gone: &mut Self) {
        if const { C::READS[INDEX] }.overlap(changed) {
            mem::swap(&mut self.0, &mut gone.0);
        }
    }
    /// Adds the counts of `other`.
    pub fn absorb(&self, other: &Self) {
        self.0.absorb(&other.0);
    }
}

/// Names the block without a name.
pub struct Unnamed;
/// Names a block by a hash of its name.
pub struct Named<const HASH: u64>;

/// What `#[memoize] impl` declares: the caches of that block.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` has no block with an instance-scoped method; its caches would hold nothing; mark a `&self` method in a `#[memoize] impl`, or remove `#[memoize]` from the struct",
    label = "has no instance-scoped memoized method",
    note = "one block has no name; one listed in `blocks(…)` is marked `#[memoize(block = \"…\")] impl`"
)]
#[doc(hidden)]
pub trait MemoizedBlock<Block> {
    /// One store for each instance-scoped method.
    type Caches: CacheSet;
}

/// What `#[memoize] struct` declares: the injected field.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
#[doc(hidden)]
pub trait CacheField: Sized {
    /// The fields of the struct.
    const FIELDS: FieldList;
    /// The field.
    fn caches(&self) -> &InstanceCaches<Self>;
    /// The field.
    fn caches_mut(&mut self) -> &mut InstanceCaches<Self>;
}

/// What is in the injected field. A block may ask for more bounds on the type's parameters than the struct does, and
/// then only types that meet them have it.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
#[doc(hidden)]
pub trait CacheHome: CacheField {
    /// The caches of all blocks.
    type AllCaches: CacheSet;
}

/// The way from the injected field to the caches of a named block.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` has no caches for this block; it is not annotated, or does not list the block's name; write `#[memoize]` or `#[memoize(blocks(\"…\"))]` above the struct",
    label = "needs `#[memoize]` on its struct"
)]
#[doc(hidden)]
pub trait BlockHome<Block>: CacheHome {
    /// What the block declares as [`MemoizedBlock::Caches`].
    type Caches: CacheSet;
    /// The caches of the block.
    fn block(caches: &<Self as CacheHome>::AllCaches) -> &Self::Caches;
}

macro_rules! tuple_cache_set {
    ($($set:ident $index:tt),*) => {
        impl<$($set: CacheSet),*> CacheSet for ($($set,)*) {
            const READS: &'static [Fields] = &[];
            fn new() -> Self {
                ($($set::new(),)*)
            }
            fn take(&mut self, changed: Fields, gone: &mut Self) {
                $(self.$index.take(changed, &mut gone.$index);)*
            }
            fn depends_on(changed: Fields) -> bool {
                $($set::depends_on(changed))&&*
            }
            fn absorb(&self, other: &Self) {
                $(self.$index.absorb(&other.$index);)*
            }
        }
    };
}
impl CacheSet for () {
    const READS: &'static [Fields] = &[];
    fn new() -> Self {}
    fn take(&mut self, _changed: Fields, _gone: &mut Self) {}
    fn absorb(&self, (): &Self) {}
}
tuple_cache_set!(A 0);
tuple_cache_set!(A 0, B 1);
tuple_cache_set!(A 0, B 1, C 2);
tuple_cache_set!(A 0, B 1, C 2, D 3);
tuple_cache_set!(A 0, B 1, C 2, D 3, E 4);
tuple_cache_set!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple_cache_set!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_cache_set!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
