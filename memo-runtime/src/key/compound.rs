//! Keys of parts: `Option`, arrays and tuples.

use std::hash::Hasher;

use super::{Argument, CloneKey, Copies, KeyPart, KeyType, Lookup};

impl<P: KeyPart> KeyPart for Option<P> {
    type Stored = Option<P::Stored>;
    #[inline]
    fn copies() -> Option<Copies<Self::Stored>> {
        P::copies().map(Copies::option)
    }
}
impl<P: CloneKey> CloneKey for Option<P> {}
impl<P: KeyType> KeyType for Option<P> {
    type Arg<'x>
        = Option<P::Arg<'x>>
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &Option<P::Stored>, hasher: &mut H) {
        hasher.write_u8(stored.is_some().into());
        if let Some(part) = stored {
            P::hash_stored(part, hasher);
        }
    }
    #[inline]
    fn same(left: &Option<P::Stored>, right: &Option<P::Stored>) -> bool {
        match (left, right) {
            (Some(left), Some(right)) => P::same(left, right),
            (None, None) => true,
            _ => false,
        }
    }
}
impl<P: KeyPart, A: Lookup<P>> Lookup<Option<P>> for Option<A> {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u8(self.is_some().into());
        if let Some(part) = self {
            part.hash_part(hasher);
        }
    }
    #[inline]
    fn matches(&self, stored: &Option<P::Stored>) -> bool {
        match (self, stored) {
            (Some(part), Some(stored)) => part.matches(stored),
            (None, None) => true,
            _ => false,
        }
    }
    #[inline]
    fn into_stored(self) -> Option<P::Stored> {
        self.map(Lookup::into_stored)
    }
}
impl<P: KeyPart, A: Argument<P>> Argument<Option<P>> for Option<A> {
    type Key = Option<A::Key>;
    #[inline]
    fn split(self) -> (Option<P::Stored>, Self::Rest) {
        self.map(Argument::split).unzip()
    }
}

/// Whether an array is hashed part by part, without its number of parts, which its type says. The compiler unrolls that;
/// with more parts, hashing in bulk is faster.
const fn is_short(parts: usize) -> bool {
    parts <= 12
}

impl<P: KeyPart, const N: usize> KeyPart for [P; N] {
    type Stored = [P::Stored; N];
    #[inline]
    fn copies() -> Option<Copies<Self::Stored>> {
        P::copies().map(Copies::array)
    }
}
impl<P: CloneKey, const N: usize> CloneKey for [P; N] {}
impl<P: KeyType, const N: usize> KeyType for [P; N] {
    type Arg<'x>
        = [P::Arg<'x>; N]
    where
        Self: 'x;
    #[inline]
    fn hash_stored<H: Hasher>(stored: &[P::Stored; N], hasher: &mut H) {
        if is_short(N) {
            for part in stored {
                P::hash_stored(part, hasher);
            }
        } else {
            P::hash_slice(stored, hasher);
        }
    }
    #[inline]
    fn hash_slice<H: Hasher>(stored: &[[P::Stored; N]], hasher: &mut H) {
        P::hash_slice(stored.as_flattened(), hasher);
    }
    #[inline]
    fn same(left: &[P::Stored; N], right: &[P::Stored; N]) -> bool {
        P::same_slices(left, right)
    }
    #[inline]
    fn same_slices(left: &[[P::Stored; N]], right: &[[P::Stored; N]]) -> bool {
        left.len() == right.len() && P::same_slices(left.as_flattened(), right.as_flattened())
    }
}
impl<P: KeyPart, A: Lookup<P>, const N: usize> Lookup<[P; N]> for [A; N] {
    #[inline]
    fn hash_part<H: Hasher>(&self, hasher: &mut H) {
        if is_short(N) {
            for part in self {
                part.hash_part(hasher);
            }
        } else {
            A::hash_slice(self, hasher);
        }
    }
    #[inline]
    fn hash_slice<H: Hasher>(parts: &[Self], hasher: &mut H) {
        A::hash_slice(parts.as_flattened(), hasher);
    }
    #[inline]
    fn matches(&self, stored: &[P::Stored; N]) -> bool {
        A::match_slice(self, stored)
    }
    #[inline]
    fn match_slice(parts: &[Self], stored: &[[P::Stored; N]]) -> bool {
        A::match_slice(parts.as_flattened(), stored.as_flattened())
    }
    #[inline]
    fn into_stored(self) -> [P::Stored; N] {
        self.map(Lookup::into_stored)
    }
}
impl<P: KeyPart, A: Argument<P>, const N: usize> Argument<[P; N]> for [A; N] {
    type Key = [A::Key; N];
    #[inline]
    fn split(self) -> ([P::Stored; N], Self::Rest) {
        let mut stored = [const { None }; N];
        let mut slots = stored.iter_mut();
        let rest = self.map(|part| {
            let (part, rest) = part.split();
            if let Some(slot) = slots.next() {
                *slot = Some(part);
            }
            rest
        });
        (stored.map(|part| part.expect("`split` filled every part")), rest)
    }
}

macro_rules! tuple_key {
    ($($part:ident $arg:ident $index:tt),*) => {
        impl<$($part: KeyPart),*> KeyPart for ($($part,)*) {
            type Stored = ($($part::Stored,)*);
            #[inline]
            fn copies() -> Option<Copies<Self::Stored>> {
                Some(Copies::<($($part::Stored,)*)>::tuple($( $part::copies()? ),*))
            }
        }
        #[allow(clippy::unused_unit, reason = "the empty tuple is the key of a method without arguments")]
        impl<$($part: KeyType),*> KeyType for ($($part,)*) {
            type Arg<'x> = ($($part::Arg<'x>,)*) where Self: 'x;
            #[inline]
            fn hash_stored<Z: Hasher>(_stored: &Self::Stored, _hasher: &mut Z) {
                $( $part::hash_stored(&_stored.$index, _hasher); )*
            }
            #[inline]
            fn same(_left: &Self::Stored, _right: &Self::Stored) -> bool {
                true $( && $part::same(&_left.$index, &_right.$index) )*
            }
        }
        impl<$($part: CloneKey),*> CloneKey for ($($part,)*) {}
        impl<$($part: KeyPart, $arg: Lookup<$part>),*> Lookup<($($part,)*)> for ($($arg,)*) {
            #[inline]
            fn hash_part<Z: Hasher>(&self, _hasher: &mut Z) {
                $( self.$index.hash_part(_hasher); )*
            }
            #[inline]
            fn matches(&self, _stored: &($($part::Stored,)*)) -> bool {
                true $( && self.$index.matches(&_stored.$index) )*
            }
            #[allow(clippy::unused_unit, reason = "the key without parts")]
            #[inline]
            fn into_stored(self) -> ($($part::Stored,)*) {
                ($( self.$index.into_stored(), )*)
            }
        }
        impl<$($part: KeyPart, $arg: Argument<$part>),*> Argument<($($part,)*)> for ($($arg,)*) {
            type Key = ($($arg::Key,)*);
            #[inline]
            fn split(self) -> (($($part::Stored,)*), Self::Rest) {
                let _parts = ($( self.$index.split(), )*);
                (($( _parts.$index.0, )*), ($( _parts.$index.1, )*))
            }
        }
    };
}
tuple_key!();
tuple_key!(A B 0);
tuple_key!(A B 0, C D 1);
tuple_key!(A B 0, C D 1, E F 2);
tuple_key!(A B 0, C D 1, E F 2, G I 3);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9, V W 10);
tuple_key!(A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9, V W 10, X Y 11);
