//! What is a key, and how is it found without being built?
//!
//! The attribute describes a method's arguments by a tuple of *markers*, such as
//! `(Borrowed<str>, ByValue<u32>)` for `(&str, u32)`. A marker says what is stored
//! ([`KeyPart::Stored`]), what the accessor takes ([`KeyType::Arg`]), and which borrowed forms can be
//! looked up ([`Lookup`]). Markers are never values. [`KeyPart`] has no bounds on the user's types, so that a
//! store can be a field of a type whose bounds stand only on its `impl` block.

mod bits;
mod body;
mod compound;
mod copies;
mod hash;
mod slices;
#[cfg(test)]
mod tests;
#[cfg(feature = "stores")]
mod written;

#[cfg(feature = "stores")]
pub(crate) use self::written::{Found, Given, Stored};
#[cfg(feature = "stores")]
pub use self::written::{WrittenArgument, WrittenArguments, WrittenKey};
pub use self::{
    bits::Bits,
    body::BodyPart,
    copies::Copies,
    hash::{hash_if_seeded, hash_of, hash_of_stored},
    slices::{Slice, VecOf},
};
use std::{
    borrow::Borrow,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// One part of a key, or the tuple of all its parts.
pub trait KeyPart {
    /// What an entry owns.
    type Stored;
    /// Evidence that it may be duplicated bit by bit, if there is any.
    #[inline]
    fn copies() -> Option<Copies<Self::Stored>> {
        None
    }
}

/// A [`KeyPart`] whose bounds are met, so that entries can be hashed and compared.
pub trait KeyType: KeyPart {
    /// What the accessor takes: the type of the argument as the method declares it.
    type Arg<'x>: Lookup<Self>
    where
        Self: 'x;
    /// Hashes a stored part, like [`Lookup::hash_part`] hashes a borrowed one.
    fn hash_stored<H: Hasher>(stored: &Self::Stored, hasher: &mut H);
    /// Hashes parts that follow each other, and their number.
    #[inline]
    fn hash_slice<H: Hasher>(stored: &[Self::Stored], hasher: &mut H) {
        hasher.write_usize(stored.len());
        for part in stored {
            Self::hash_stored(part, hasher);
        }
    }
    /// Compares two stored parts.
    fn same(left: &Self::Stored, right: &Self::Stored) -> bool;
    /// Compares all parts of two slices.
    #[inline]
    fn same_slices(left: &[Self::Stored], right: &[Self::Stored]) -> bool {
        left.len() == right.len()
            && left.iter().zip(right).all(|(left, right)| Self::same(left, right))
    }
}

/// A [`KeyType`] that can be cloned where it is borrowed: one bound for both, so that a missing one is one error.
pub trait CloneKey: KeyType<Stored: Clone> {}
impl<T: KeyValue> CloneKey for ByValue<T> {}
impl<T: ToOwned<Owned: Clone> + Hash + Eq + ?Sized> CloneKey for Borrowed<T> {}
impl<P: CloneKey> CloneKey for Cloned<P> {}

/// Something that an entry with the key `K` can be looked up by.
pub trait Lookup<K: KeyPart + ?Sized> {
    /// Hashes this part.
    fn hash_part<H: Hasher>(&self, hasher: &mut H);
    /// Hashes parts that follow each other, like [`KeyType::hash_slice`] hashes stored ones.
    #[inline]
    fn hash_slice<H: Hasher>(parts: &[Self], hasher: &mut H)
    where
        Self: Sized,
    {
        hasher.write_usize(parts.len());
        for part in parts {
            part.hash_part(hasher);
        }
    }
    /// Compares this part with a stored one.
    fn matches(&self, stored: &K::Stored) -> bool;
    /// Compares parts with as many stored ones.
    #[inline]
    fn match_slice(parts: &[Self], stored: &[K::Stored]) -> bool
    where
        Self: Sized,
    {
        parts.iter().zip(stored).all(|(part, stored)| part.matches(stored))
    }
    /// Turns this part into what is stored.
    fn into_stored(self) -> K::Stored;
}

/// A stored key, to be looked up as `K` compares it.
pub(crate) struct Known<'a, K: KeyType>(pub(crate) &'a K::Stored);

impl<K: KeyType, P: KeyPart<Stored = K::Stored> + ?Sized> Lookup<P> for Known<'_, K> {
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        K::hash_stored(self.0, hasher);
    }
    fn matches(&self, stored: &P::Stored) -> bool {
        K::same(self.0, stored)
    }
    fn into_stored(self) -> P::Stored {
        unreachable!("a known key is only looked up")
    }
}

/// An argument of a memoized call: it yields the stored key, and what the body still needs.
pub trait Argument<K: KeyPart + ?Sized>: Lookup<K> + BodyPart<K> {
    /// `K`, of which this says that its bounds are met: a missing one is an error at the argument, and nowhere else.
    type Key: KeyType<Stored = K::Stored>;
    /// Called on a miss, before the body runs.
    fn split(self) -> (K::Stored, Self::Rest);
}

/// All arguments of a call. What is not one is told about the argument to blame, and no other is suggested.
pub trait Arguments<K: KeyPart + ?Sized>: Argument<K> {}
impl<K: KeyPart + ?Sized, A: Argument<K>> Arguments<K> for A {}

/// An argument type that can be kept as part of a key.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be part of a key; keys are cloned, hashed and compared; implement `Clone`, `Hash` and `Eq`, or leave it out with `skip` or `key`",
    label = "needs `Clone`, `Hash` and `Eq`"
)]
pub trait KeyValue: Clone + Hash + Eq {}
#[diagnostic::do_not_recommend]
impl<T: Clone + Hash + Eq> KeyValue for T {}

/// A value that is a part of a key by itself: one that the body does not need back.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be part of a key; keys are hashed and compared; implement `Hash` and `Eq`, or leave it out with `skip` or `key`",
    label = "needs `Hash` and `Eq`"
)]
pub trait OwnKeyValue: Hash + Eq {}
#[diagnostic::do_not_recommend]
impl<T: Hash + Eq> OwnKeyValue for T {}

/// An argument taken by value, compared by `Eq`.
pub struct ByValue<T>(PhantomData<T>);
/// A reference to an unsized type such as `str` or `Path`, stored as its `ToOwned::Owned`.
pub struct Borrowed<T: ?Sized>(PhantomData<T>);
/// A reference to a sized value, stored as a clone of it.
pub struct Cloned<P>(PhantomData<P>);

/// A key part given by value that the body does not need back (`key(…)`). It is a whole part, never in another one.
pub struct Moved<T>(pub T);
/// A field of the instance that is part of the key (`reads(…)`): borrowed on a hit, cloned on a miss. Likewise a whole part.
pub struct State<'a, T>(pub &'a T);

impl<T> KeyPart for ByValue<T> {
    type Stored = T;
    #[inline]
    fn copies() -> Option<Copies<T>> {
        Copies::known()
    }
}
impl<T: OwnKeyValue> KeyType for ByValue<T> {
    type Arg<'x>
        = T
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &T, hasher: &mut H) {
        stored.hash(hasher);
    }
    #[inline]
    fn hash_slice<H: Hasher>(stored: &[T], hasher: &mut H) {
        stored.hash(hasher);
    }
    #[inline]
    fn same(left: &T, right: &T) -> bool {
        left == right
    }
    #[inline]
    fn same_slices(left: &[T], right: &[T]) -> bool {
        left == right
    }
}
impl<T: OwnKeyValue> Lookup<ByValue<T>> for T {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        Hash::hash(self, hasher);
    }
    #[inline]
    fn hash_slice<H: Hasher>(parts: &[T], hasher: &mut H) {
        parts.hash(hasher);
    }
    #[inline]
    fn matches(&self, stored: &T) -> bool {
        self == stored
    }
    #[inline]
    fn match_slice(parts: &[T], stored: &[T]) -> bool {
        parts == stored
    }
    #[inline]
    fn into_stored(self) -> T {
        self
    }
}
impl<T: KeyValue> Argument<ByValue<T>> for T {
    type Key = ByValue<T>;
    #[inline]
    fn split(self) -> (T, T) {
        (self.clone(), self)
    }
}

impl<T: ToOwned + ?Sized> KeyPart for Borrowed<T> {
    type Stored = T::Owned;
}
impl<T: ToOwned + Hash + Eq + ?Sized> KeyType for Borrowed<T> {
    type Arg<'x>
        = &'x T
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &T::Owned, hasher: &mut H) {
        stored.borrow().hash(hasher);
    }
    #[inline]
    fn same(left: &T::Owned, right: &T::Owned) -> bool {
        left.borrow() == right.borrow()
    }
}
impl<T: ToOwned + Hash + Eq + ?Sized> Lookup<Borrowed<T>> for &T {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        Hash::hash(*self, hasher);
    }
    #[inline]
    fn matches(&self, stored: &T::Owned) -> bool {
        *self == stored.borrow()
    }
    #[inline]
    fn into_stored(self) -> T::Owned {
        self.to_owned()
    }
}
impl<T: ToOwned + Hash + Eq + ?Sized> Argument<Borrowed<T>> for &T {
    type Key = Borrowed<T>;
    #[inline]
    fn split(self) -> (T::Owned, Self) {
        (self.to_owned(), self)
    }
}

impl<P: KeyPart> KeyPart for Cloned<P> {
    type Stored = P::Stored;
    #[inline]
    fn copies() -> Option<Copies<P::Stored>> {
        P::copies()
    }
}
impl<P: CloneKey> KeyType for Cloned<P> {
    type Arg<'x>
        = &'x P::Stored
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &P::Stored, hasher: &mut H) {
        P::hash_stored(stored, hasher);
    }
    #[inline]
    fn same(left: &P::Stored, right: &P::Stored) -> bool {
        P::same(left, right)
    }
}
impl<P: CloneKey> Lookup<Cloned<P>> for &P::Stored {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        P::hash_stored(self, hasher);
    }
    #[inline]
    fn matches(&self, stored: &P::Stored) -> bool {
        P::same(self, stored)
    }
    #[inline]
    fn into_stored(self) -> P::Stored {
        self.clone()
    }
}
impl<P: CloneKey> Argument<Cloned<P>> for &P::Stored {
    type Key = Cloned<P>;
    #[inline]
    fn split(self) -> (P::Stored, Self) {
        (self.clone(), self)
    }
}

impl<T, K: KeyType<Stored = T>> Lookup<K> for Moved<T> {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        K::hash_stored(&self.0, hasher);
    }
    #[inline]
    fn matches(&self, stored: &T) -> bool {
        K::same(&self.0, stored)
    }
    #[inline]
    fn into_stored(self) -> T {
        self.0
    }
}
impl<T, K: KeyType<Stored = T>> Argument<K> for Moved<T> {
    type Key = K;
    #[inline]
    fn split(self) -> (T, ()) {
        (self.0, ())
    }
}

impl<T: Clone, K: KeyType<Stored = T>> Lookup<K> for State<'_, T> {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        K::hash_stored(self.0, hasher);
    }
    #[inline]
    fn matches(&self, stored: &T) -> bool {
        K::same(self.0, stored)
    }
    #[inline]
    fn into_stored(self) -> T {
        self.0.clone()
    }
}
impl<T: Clone, K: KeyType<Stored = T>> Argument<K> for State<'_, T> {
    type Key = K;
    #[inline]
    fn split(self) -> (T, T) {
        (self.0.clone(), self.0.clone())
    }
}
