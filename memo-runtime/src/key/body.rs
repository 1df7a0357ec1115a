//! What is left of an argument for the body?
//!
//! This asks nothing of the user's types: where a bound is missing, that is an error of [`Argument`](super::Argument), at the
//! argument that lacks it. Were the body's part named by the same trait, the compiler would blame all arguments together.

use super::{Bits, Borrowed, ByValue, Cloned, KeyPart, Moved, Slice, State, VecOf};

/// A part of a call, or all of them, looked up as `K`.
pub trait BodyPart<K: ?Sized> {
    /// What the body receives.
    type Rest;
}

impl<T> BodyPart<ByValue<T>> for T {
    type Rest = T;
}
impl<T: ToOwned + ?Sized> BodyPart<Borrowed<T>> for &T {
    type Rest = Self;
}
impl<P: KeyPart> BodyPart<Cloned<P>> for &P::Stored {
    type Rest = Self;
}
impl<P: KeyPart> BodyPart<Slice<P>> for &[P::Stored] {
    type Rest = Self;
}
impl<P: KeyPart> BodyPart<VecOf<P>> for Vec<P::Stored> {
    type Rest = Self;
}
impl BodyPart<Bits<f32>> for f32 {
    type Rest = f32;
}
impl BodyPart<Bits<f64>> for f64 {
    type Rest = f64;
}
impl<T, K: KeyPart<Stored = T>> BodyPart<K> for Moved<T> {
    type Rest = ();
}
impl<T, K: KeyPart<Stored = T>> BodyPart<K> for State<'_, T> {
    type Rest = T;
}
impl<P, A: BodyPart<P>> BodyPart<Option<P>> for Option<A> {
    type Rest = Option<A::Rest>;
}
impl<P, A: BodyPart<P>, const N: usize> BodyPart<[P; N]> for [A; N] {
    type Rest = [A::Rest; N];
}

macro_rules! tuples {
    ($(($($part:ident $arg:ident),*))*) => { $(
        impl<$($part, $arg: BodyPart<$part>),*> BodyPart<($($part,)*)> for ($($arg,)*) {
            type Rest = ($($arg::Rest,)*);
        }
    )* };
}
tuples! {
    ()
    (A B)
    (A B, C D)
    (A B, C D, E F)
    (A B, C D, E F, G I)
    (A B, C D, E F, G I, J K)
    (A B, C D, E F, G I, J K, L M)
    (A B, C D, E F, G I, J K, L M, N O)
    (A B, C D, E F, G I, J K, L M, N O, P Q)
    (A B, C D, E F, G I, J K, L M, N O, P Q, R S)
    (A B, C D, E F, G I, J K, L M, N O, P Q, R S, T U)
    (A B, C D, E F, G I, J K, L M, N O, P Q, R S, T U, V W)
    (A B, C D, E F, G I, J K, L M, N O, P Q, R S, T U, V W, X Y)
}
