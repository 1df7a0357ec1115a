//! Keys with any number of equal parts.

use std::{hash::Hasher, marker::PhantomData};

use super::{Argument, CloneKey, KeyPart, KeyType, Lookup};

/// A slice, stored as a `Vec`.
pub struct Slice<P>(PhantomData<P>);
/// A `Vec` whose elements hold floats.
pub struct VecOf<P>(PhantomData<P>);

impl<P: KeyPart> KeyPart for Slice<P> {
    type Stored = Vec<P::Stored>;
}
impl<P: CloneKey> CloneKey for Slice<P> {}
impl<P: CloneKey> KeyType for Slice<P> {
    type Arg<'x>
        = &'x [P::Stored]
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &Vec<P::Stored>, hasher: &mut H) {
        P::hash_slice(stored, hasher);
    }
    #[inline]
    fn same(left: &Vec<P::Stored>, right: &Vec<P::Stored>) -> bool {
        P::same_slices(left, right)
    }
}
impl<P: CloneKey> Lookup<Slice<P>> for &[P::Stored] {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        P::hash_slice(self, hasher);
    }
    #[inline]
    fn matches(&self, stored: &Vec<P::Stored>) -> bool {
        P::same_slices(self, stored)
    }
    #[inline]
    fn into_stored(self) -> Vec<P::Stored> {
        self.to_vec()
    }
}
impl<P: CloneKey> Argument<Slice<P>> for &[P::Stored] {
    type Key = Slice<P>;
    #[inline]
    fn split(self) -> (Vec<P::Stored>, Self) {
        (self.to_vec(), self)
    }
}

impl<P: KeyPart> KeyPart for VecOf<P> {
    type Stored = Vec<P::Stored>;
}
impl<P: CloneKey> CloneKey for VecOf<P> {}
impl<P: KeyType> KeyType for VecOf<P> {
    type Arg<'x>
        = Vec<P::Stored>
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &Vec<P::Stored>, hasher: &mut H) {
        P::hash_slice(stored, hasher);
    }
    #[inline]
    fn same(left: &Vec<P::Stored>, right: &Vec<P::Stored>) -> bool {
        P::same_slices(left, right)
    }
}
impl<P: KeyType> Lookup<VecOf<P>> for Vec<P::Stored> {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        P::hash_slice(self, hasher);
    }
    #[inline]
    fn matches(&self, stored: &Vec<P::Stored>) -> bool {
        P::same_slices(self, stored)
    }
    #[inline]
    fn into_stored(self) -> Vec<P::Stored> {
        self
    }
}
impl<P: CloneKey> Argument<VecOf<P>> for Vec<P::Stored> {
    type Key = VecOf<P>;
    #[inline]
    fn split(self) -> (Vec<P::Stored>, Self) {
        (self.clone(), self)
    }
}
