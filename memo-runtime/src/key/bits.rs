//! When are two floats the same key?
//!
//! When their bits are: then a NaN hits itself, and `0.0` and `-0.0`, which may have different results, are two keys.
//! Slices of floats are hashed and compared as the bytes that they are.

use std::{
    hash::{Hash, Hasher},
    marker::PhantomData,
};

use super::{Argument, CloneKey, Copies, KeyPart, KeyType, Lookup, copies::bytes_of};

/// `f32` or `f64`, compared by bit pattern.
pub struct Bits<T>(PhantomData<T>);

impl<T> KeyPart for Bits<T> {
    type Stored = T;
    #[inline]
    fn copies() -> Option<Copies<T>> {
        Copies::known()
    }
}

macro_rules! float_key {
    ($($float:ty),*) => { $(
        impl CloneKey for Bits<$float> {}
        impl KeyType for Bits<$float> {
            type Arg<'x> = $float;
            #[inline]
            fn hash_stored<H: Hasher>(stored: &$float, hasher: &mut H) {
                stored.to_bits().hash(hasher);
            }
            #[inline]
            fn hash_slice<H: Hasher>(stored: &[$float], hasher: &mut H) {
                bytes_of(stored).hash(hasher);
            }
            #[inline]
            fn same(left: &$float, right: &$float) -> bool {
                left.to_bits() == right.to_bits()
            }
            #[inline]
            fn same_slices(left: &[$float], right: &[$float]) -> bool {
                bytes_of(left) == bytes_of(right)
            }
        }
        impl Lookup<Bits<$float>> for $float {
            #[inline]
            fn hash_part<H: Hasher>(&self, hasher: &mut H) {
                self.to_bits().hash(hasher);
            }
            #[inline]
            fn hash_slice<H: Hasher>(parts: &[$float], hasher: &mut H) {
                bytes_of(parts).hash(hasher);
            }
            #[inline]
            fn matches(&self, stored: &$float) -> bool {
                self.to_bits() == stored.to_bits()
            }
            #[inline]
            fn match_slice(parts: &[$float], stored: &[$float]) -> bool {
                bytes_of(parts) == bytes_of(stored)
            }
            #[inline]
            fn into_stored(self) -> $float {
                self
            }
        }
        impl Argument<Bits<$float>> for $float {
            type Key = Bits<$float>;
            #[inline]
            fn split(self) -> ($float, $float) {
                (self, self)
            }
        }
    )* };
}
float_key!(f32, f64);
