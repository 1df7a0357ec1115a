//! How do the attribute on a struct and that on its blocks meet?
//!
//! Neither can see the other's item, so each declares its half in these traits. Their messages are what the user reads
//! when a half is missing.

use crate::instance::InstanceCaches;

/// The stores of one block, or of all blocks of a type.
pub trait CacheSet: Sized {
    /// All stores empty.
    fn new() -> Self;
    /// Drops all entries and sets all counts to zero.
    fn empty(&mut self);
    /// Adds the counts of `other`.
    fn absorb(&self, other: &Self);
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
pub trait MemoizedBlock<Block> {
    /// One store for each instance-scoped method.
    type Caches: CacheSet;
}

/// What `#[memoize] struct` declares: the injected field.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
pub trait CacheField: Sized {
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
pub trait CacheHome: CacheField {
    /// The caches of all blocks.
    type AllCaches: CacheSet;
}

/// The way from the injected field to the caches of a named block.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` has no caches for this block; it is not annotated, or does not list the block's name; write `#[memoize]` or `#[memoize(blocks(\"…\"))]` above the struct",
    label = "needs `#[memoize]` on its struct"
)]
pub trait BlockHome<Block>: CacheHome {
    /// What the block declares as [`MemoizedBlock::Caches`].
    type Caches;
    /// The caches of the block.
    fn block(caches: &<Self as CacheHome>::AllCaches) -> &Self::Caches;
}

macro_rules! tuple_cache_set {
    ($($set:ident $index:tt),*) => {
        impl<$($set: CacheSet),*> CacheSet for ($($set,)*) {
            fn new() -> Self {
                ($($set::new(),)*)
            }
            fn empty(&mut self) {
                $(self.$index.empty();)*
            }
            fn absorb(&self, other: &Self) {
                $(self.$index.absorb(&other.$index);)*
            }
        }
    };
}
impl CacheSet for () {
    fn new() -> Self {}
    fn empty(&mut self) {}
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
