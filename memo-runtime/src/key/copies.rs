//! Which types may be duplicated bit by bit?
//!
//! `Copy` types, but generic code cannot ask for that. So a few are known by their identity, and others by what
//! they are made of.
//!
//! # Invariants that unsafe code relies on, here and in the stores
//!
//! - There is a [`Copies<T>`] only if `T` is `Copy` and holds no `UnsafeCell`.

use std::{
    any::TypeId,
    cmp::Ordering,
    marker::PhantomData,
    mem,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZero,
    ptr, slice,
    time::{Duration, Instant, SystemTime},
};

/// Evidence that `T` may be duplicated bit by bit, and that `&T` gives no way to change it.
#[derive(Debug)]
pub struct Copies<T>(PhantomData<fn() -> T>);

impl<T> Clone for Copies<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Copies<T> {}

impl<T> Copies<T> {
    /// A copy of the value.
    #[inline]
    #[allow(clippy::unused_self, reason = "it is the evidence that this may be done")]
    pub(crate) fn copy(self, value: &T) -> T {
        // SAFETY: the value is `Copy`.
        unsafe { ptr::read(value) }
    }
}

/// A number that is all bytes: none of them is padding.
pub(super) trait Number: Copy {}
impl Number for f32 {}
impl Number for f64 {}

/// The bytes of numbers.
#[inline]
pub(super) fn bytes_of<T: Number>(numbers: &[T]) -> &[u8] {
    // SAFETY: these are the bytes of the slice, all of them initialised.
    unsafe { slice::from_raw_parts(numbers.as_ptr().cast(), size_of_val(numbers)) }
}

/// Whether a type is this one, which is `Copy`. Sizes differ mostly, and are quicker to compare, for the compiler too.
macro_rules! is {
    ($ty:ty, $id:ident, $size:ident) => {{
        const SIZE: usize = size_of_copy::<$ty>();
        $size == SIZE && $id == TypeId::of::<$ty>()
    }};
}

const fn size_of_copy<P: Copy + 'static>() -> usize {
    size_of::<P>()
}

macro_rules! known {
    ([$($plain:ty),*], [$($other:ty),*]) => {
        impl<T> Copies<T> {
            /// For primitive types, some types of the standard library, and what is often made of few of them.
            ///
            /// A constant in optimised code. Elsewhere each hit pays for it, so that what is quick to tell, and the most usual
            /// types, come first, and nothing here is a call.
            #[inline]
            pub(crate) fn known() -> Option<Self> {
                if const { mem::needs_drop::<T>() } {
                    return None;
                }
                let id = id_of::<T>();
                let size = const { size_of::<T>() };
                let known = false
                    $(|| is!($plain, id, size))*
                    $(|| is!($other, id, size))*
                    $(|| is!(Option<$plain>, id, size)
                        || is!(($plain, $plain), id, size)
                        || is!(($plain, $plain, $plain), id, size)
                        || is!([$plain; 2], id, size)
                        || is!([$plain; 3], id, size)
                        || is!([$plain; 4], id, size))*
                    $(|| is!(Option<$other>, id, size))*;
                if known { Some(Self(PhantomData)) } else { None }
            }
        }
    };
}

known!(
    [usize, u64, f64, i64, u32, i32, f32, bool, u8, char, u16, i8, i16, isize, u128, i128],
    [
        (),
        &'static str,
        Duration,
        Instant,
        SystemTime,
        Ordering,
        IpAddr,
        Ipv4Addr,
        Ipv6Addr,
        NonZero<u8>,
        NonZero<u16>,
        NonZero<u32>,
        NonZero<u64>,
        NonZero<usize>
    ]
);

impl<T> Copies<Option<T>> {
    #[inline]
    pub(super) fn option(_: Copies<T>) -> Self {
        Self(PhantomData)
    }
}

impl<T, const N: usize> Copies<[T; N]> {
    #[inline]
    pub(super) fn array(_: Copies<T>) -> Self {
        Self(PhantomData)
    }
}

macro_rules! tuple {
    ($($part:ident)*) => {
        impl<$($part),*> Copies<($($part,)*)> {
            #[inline]
            #[allow(clippy::too_many_arguments, reason = "as many as there are parts")]
            pub(super) fn tuple($(_: Copies<$part>),*) -> Self {
                Self(PhantomData)
            }
        }
    };
}
tuple!();
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

/// The identity of a type whose lifetimes are all made `'static`, as in the crate `typeid`.
#[inline]
fn id_of<T>() -> TypeId {
    trait Identity {
        fn identity(&self) -> TypeId
        where
            Self: 'static;
    }
    impl<T> Identity for PhantomData<T> {
        #[inline]
        fn identity(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }

    let named: &dyn Identity = &PhantomData::<T>;
    // SAFETY: only a lifetime changes, and the method asks for nothing but the identity of the type.
    let named = unsafe { mem::transmute::<&dyn Identity, &(dyn Identity + 'static)>(named) };
    named.identity()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Bits, Borrowed, ByValue, KeyPart};
    use std::cell::Cell;

    #[test]
    fn copies_are_known_by_identity_and_by_parts() {
        #[expect(dead_code, reason = "only its type matters")]
        struct Mine(u64);
        fn borrowed<'a>(_: &'a str) -> bool {
            Copies::<&'a str>::known().is_some() && Copies::<&'a mut str>::known().is_none()
        }
        assert!(borrowed(&1.to_string()));
        assert!(Copies::<u64>::known().is_some());
        assert!(Copies::<Option<char>>::known().is_some());
        assert!(Copies::<(f64, f64)>::known().is_some());
        assert!(Copies::<[u8; 4]>::known().is_some());
        assert!(Copies::<Option<IpAddr>>::known().is_some());
        assert!(Copies::<(u64, Mine)>::known().is_none());
        assert!(Copies::<Mine>::known().is_none());
        assert!(Copies::<Cell<u64>>::known().is_none());
        assert!(Copies::<&u64>::known().is_none());
        assert!(<() as KeyPart>::copies().is_some());
        assert!(<(ByValue<u64>, [Option<Bits<f32>>; 2])>::copies().is_some());
        assert!(<(ByValue<u64>, ByValue<Mine>)>::copies().is_none());
        assert!(<(Borrowed<str>, ByValue<u64>)>::copies().is_none());
    }
}
