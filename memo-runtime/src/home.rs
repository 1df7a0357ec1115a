//! How do the attribute on a struct and that on its blocks meet?
//!
//! Neither can see the other's item, so each declares its half in these traits. Their messages are what the user reads
//! when a half is missing.

use crate::{cache_set::CacheSet, instance::CacheHome};

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
