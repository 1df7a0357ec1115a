//! How does a key become bytes, without being cloned before, and become a key again?
//!
//! What is borrowed is written as its stored form would be. Keys that are equal have to give equal bytes to be found, so that they are
//! always written as MessagePack, whatever the codec; what has read them compares them by `Eq`.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, DeserializeSeed, Error, SeqAccess, Visitor},
    ser::SerializeTuple,
};

use super::{
    Bits, BodyPart, Borrowed, ByValue, CloneKey, Cloned, KeyPart, KeyType, Lookup, Moved, Slice,
    State, VecOf,
};

/// A [`KeyType`] that can be written and read.
pub trait WrittenKey: KeyType {
    /// Writes a stored part.
    #[allow(clippy::missing_errors_doc, reason = "those of the serializer")]
    fn write<S: Serializer>(stored: &Self::Stored, serializer: S) -> Result<S::Ok, S::Error>;
    /// Reads a stored part.
    #[allow(clippy::missing_errors_doc, reason = "those of the deserializer")]
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Stored, D::Error>;
}

/// An argument of a call whose key is written. The body gets it back as it is.
pub trait WrittenArgument<K: KeyPart + ?Sized>: Lookup<K> + BodyPart<K> {
    /// `K`, of which this says that its bounds are met.
    type Key: WrittenKey<Stored = K::Stored>;
    /// Writes this part as its stored form is written.
    #[allow(clippy::missing_errors_doc, reason = "those of the serializer")]
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    /// What the body receives.
    fn into_rest(self) -> Self::Rest;
}

/// All arguments of a call. What is not one is told about the argument to blame.
pub trait WrittenArguments<K: KeyPart + ?Sized>: WrittenArgument<K> {}
impl<K: KeyPart + ?Sized, A: WrittenArgument<K>> WrittenArguments<K> for A {}

/// A value that can be part of a key in a store.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be part of a key in a store; keys are written, read and compared; implement `Hash`, `Eq`, `Serialize` and `Deserialize`, or leave it out with `skip` or `key`",
    label = "needs `Hash`, `Eq`, `Serialize` and `Deserialize`"
)]
pub trait WrittenValue: std::hash::Hash + Eq + Serialize + DeserializeOwned {}
#[diagnostic::do_not_recommend]
impl<T: std::hash::Hash + Eq + Serialize + DeserializeOwned> WrittenValue for T {}

/// What is borrowed, and can be part of a key in a store.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be part of a key in a store; keys are written, read and compared; implement `Hash`, `Eq`, `Serialize` and `Deserialize`, or leave it out with `skip` or `key`",
    label = "needs `Hash`, `Eq`, `Serialize` and `Deserialize`"
)]
pub trait WrittenBorrow:
    ToOwned<Owned: DeserializeOwned> + std::hash::Hash + Eq + Serialize
{
}
#[diagnostic::do_not_recommend]
impl<T: ToOwned<Owned: DeserializeOwned> + std::hash::Hash + Eq + Serialize + ?Sized> WrittenBorrow
    for T
{
}

/// A stored key, to be written.
pub(crate) struct Stored<'a, K: WrittenKey>(pub(crate) &'a K::Stored);

impl<K: WrittenKey> Serialize for Stored<'_, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        K::write(self.0, serializer)
    }
}

/// The arguments of a call, to be written.
pub(crate) struct Given<'a, K: ?Sized, A>(pub(crate) &'a A, pub(crate) PhantomData<K>);

impl<K: KeyPart + ?Sized, A: WrittenArgument<K>> Serialize for Given<'_, K, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_part(serializer)
    }
}

/// A key that was read.
pub(crate) struct Found<K: WrittenKey>(pub(crate) K::Stored);

impl<'de, K: WrittenKey> Deserialize<'de> for Found<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        K::read(deserializer).map(Self)
    }
}

impl<T: WrittenValue> WrittenKey for ByValue<T> {
    fn write<S: Serializer>(stored: &T, serializer: S) -> Result<S::Ok, S::Error> {
        stored.serialize(serializer)
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}
impl<T: WrittenValue> WrittenArgument<ByValue<T>> for T {
    type Key = ByValue<T>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
    fn into_rest(self) -> T {
        self
    }
}

impl<T: WrittenBorrow + ?Sized> WrittenKey for Borrowed<T> {
    fn write<S: Serializer>(stored: &T::Owned, serializer: S) -> Result<S::Ok, S::Error> {
        std::borrow::Borrow::<T>::borrow(stored).serialize(serializer)
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T::Owned, D::Error> {
        T::Owned::deserialize(deserializer)
    }
}
impl<T: WrittenBorrow + ?Sized> WrittenArgument<Borrowed<T>> for &T {
    type Key = Borrowed<T>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
    fn into_rest(self) -> Self {
        self
    }
}

impl<P: CloneKey + WrittenKey> WrittenKey for Cloned<P> {
    fn write<S: Serializer>(stored: &P::Stored, serializer: S) -> Result<S::Ok, S::Error> {
        P::write(stored, serializer)
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<P::Stored, D::Error> {
        P::read(deserializer)
    }
}
impl<P: CloneKey + WrittenKey> WrittenArgument<Cloned<P>> for &P::Stored {
    type Key = Cloned<P>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        P::write(self, serializer)
    }
    fn into_rest(self) -> Self {
        self
    }
}

macro_rules! floats {
    ($($float:ident)*) => { $(
        impl WrittenKey for Bits<$float> {
            fn write<S: Serializer>(stored: &$float, serializer: S) -> Result<S::Ok, S::Error> {
                stored.serialize(serializer)
            }
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$float, D::Error> {
                $float::deserialize(deserializer)
            }
        }
        impl WrittenArgument<Bits<$float>> for $float {
            type Key = Bits<$float>;
            fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
            fn into_rest(self) -> $float {
                self
            }
        }
    )* };
}
floats!(f32 f64);

impl<P: CloneKey + WrittenKey> WrittenKey for Slice<P> {
    fn write<S: Serializer>(stored: &Vec<P::Stored>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(stored.iter().map(Stored::<P>))
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<P::Stored>, D::Error> {
        deserializer.deserialize_seq(Parts::<P>(PhantomData))
    }
}
impl<P: CloneKey + WrittenKey> WrittenArgument<Slice<P>> for &[P::Stored] {
    type Key = Slice<P>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Stored::<P>))
    }
    fn into_rest(self) -> Self {
        self
    }
}

impl<P: WrittenKey> WrittenKey for VecOf<P> {
    fn write<S: Serializer>(stored: &Vec<P::Stored>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(stored.iter().map(Stored::<P>))
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<P::Stored>, D::Error> {
        deserializer.deserialize_seq(Parts::<P>(PhantomData))
    }
}
impl<P: WrittenKey> WrittenArgument<VecOf<P>> for Vec<P::Stored> {
    type Key = VecOf<P>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        VecOf::<P>::write(self, serializer)
    }
    fn into_rest(self) -> Self {
        self
    }
}

impl<T, K: WrittenKey<Stored = T>> WrittenArgument<K> for Moved<T> {
    type Key = K;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        K::write(&self.0, serializer)
    }
    fn into_rest(self) {}
}

impl<T: Clone, K: WrittenKey<Stored = T>> WrittenArgument<K> for State<'_, T> {
    type Key = K;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        K::write(self.0, serializer)
    }
    fn into_rest(self) -> T {
        self.0.clone()
    }
}

impl<P: WrittenKey> WrittenKey for Option<P> {
    fn write<S: Serializer>(stored: &Option<P::Stored>, to: S) -> Result<S::Ok, S::Error> {
        // `None` and `Some(None)` are two.
        to.collect_seq(stored.iter().map(Stored::<P>))
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<P::Stored>, D::Error> {
        let mut parts = deserializer.deserialize_seq(Parts::<P>(PhantomData))?;
        let part = parts.pop();
        if parts.is_empty() { Ok(part) } else { Err(Error::invalid_length(2, &"one part")) }
    }
}
impl<P: KeyPart, A: WrittenArgument<P>> WrittenArgument<Option<P>> for Option<A> {
    type Key = Option<A::Key>;
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|part| Given(part, PhantomData::<P>)))
    }
    fn into_rest(self) -> Self::Rest {
        self.map(WrittenArgument::into_rest)
    }
}

impl<P: WrittenKey, const N: usize> WrittenKey for [P; N] {
    fn write<S: Serializer>(stored: &[P::Stored; N], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(stored.iter().map(Stored::<P>))
    }
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[P::Stored; N], D::Error> {
        let parts = deserializer.deserialize_seq(Parts::<P>(PhantomData))?;
        let length = parts.len();
        parts.try_into().map_err(|_| Error::invalid_length(length, &"another number of parts"))
    }
}
impl<P: KeyPart, A: WrittenArgument<P>, const N: usize> WrittenArgument<[P; N]> for [A; N] {
    type Key = [A::Key; N];
    fn write_part<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|part| Given(part, PhantomData::<P>)))
    }
    fn into_rest(self) -> Self::Rest {
        self.map(WrittenArgument::into_rest)
    }
}

/// Reads any number of parts.
struct Parts<P>(PhantomData<P>);

impl<'de, P: WrittenKey> Visitor<'de> for Parts<P> {
    type Value = Vec<P::Stored>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("parts of a key")
    }
    fn visit_seq<S: SeqAccess<'de>>(self, mut parts: S) -> Result<Self::Value, S::Error> {
        let mut found = Vec::new();
        while let Some(part) = parts.next_element_seed(Part::<P>(PhantomData))? {
            found.push(part);
        }
        Ok(found)
    }
}

/// Reads one part.
struct Part<P>(PhantomData<P>);

impl<'de, P: WrittenKey> DeserializeSeed<'de> for Part<P> {
    type Value = P::Stored;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<P::Stored, D::Error> {
        P::read(deserializer)
    }
}

macro_rules! tuples {
    ($($count:literal: $($part:ident $arg:ident $index:tt),*;)*) => { $(
        impl<$($part: WrittenKey),*> WrittenKey for ($($part,)*) {
            fn write<Z: Serializer>(
                _stored: &Self::Stored,
                serializer: Z,
            ) -> Result<Z::Ok, Z::Error> {
                #[allow(unused_mut, reason = "the key without parts")]
                let mut tuple = serializer.serialize_tuple($count)?;
                $( tuple.serialize_element(&Stored::<$part>(&_stored.$index))?; )*
                tuple.end()
            }
            fn read<'de, Z: Deserializer<'de>>(deserializer: Z) -> Result<Self::Stored, Z::Error> {
                struct All<T>(PhantomData<T>);
                impl<'de, $($part: WrittenKey),*> Visitor<'de> for All<($($part,)*)> {
                    type Value = ($($part::Stored,)*);
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "{} parts of a key", $count)
                    }
                    #[allow(clippy::unused_unit, reason = "the key without parts")]
                    fn visit_seq<Y: SeqAccess<'de>>(
                        self,
                        mut _parts: Y,
                    ) -> Result<Self::Value, Y::Error> {
                        Ok(($(
                            _parts
                                .next_element_seed(Part::<$part>(PhantomData))?
                                .ok_or_else(|| Error::invalid_length($index, &self))?,
                        )*))
                    }
                }
                deserializer.deserialize_tuple($count, All::<($($part,)*)>(PhantomData))
            }
        }
        impl<$($part: KeyPart, $arg: WrittenArgument<$part>),*> WrittenArgument<($($part,)*)>
            for ($($arg,)*)
        {
            type Key = ($($arg::Key,)*);
            fn write_part<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[allow(unused_mut, reason = "the key without parts")]
                let mut tuple = serializer.serialize_tuple($count)?;
                $( tuple.serialize_element(&Given(&self.$index, PhantomData::<$part>))?; )*
                tuple.end()
            }
            #[allow(clippy::unused_unit, reason = "the key without parts")]
            fn into_rest(self) -> Self::Rest {
                ($( self.$index.into_rest(), )*)
            }
        }
    )* };
}
tuples! {
    0: ;
    1: A B 0;
    2: A B 0, C D 1;
    3: A B 0, C D 1, E F 2;
    4: A B 0, C D 1, E F 2, G I 3;
    5: A B 0, C D 1, E F 2, G I 3, J K 4;
    6: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5;
    7: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6;
    8: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7;
    9: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8;
    10: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9;
    11: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9, V W 10;
    12: A B 0, C D 1, E F 2, G I 3, J K 4, L M 5, N O 6, P Q 7, R S 8, T U 9, V W 10, X Y 11;
}
