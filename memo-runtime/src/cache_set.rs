//! Which stores belong together, and which of them does a change of fields empty?

use std::mem;

use crate::{fields::Fields, store::AnyStore};

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
