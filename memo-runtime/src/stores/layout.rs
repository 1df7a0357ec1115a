//! Has the type of a value changed since it was written?
//!
//! A field that is not there is `None` to serde if it is an `Option`, and a default if it may be one; a field that is not known is passed
//! over. So a value of an old layout, where a field had another name, would be read without any error, and wrongly. When a value is read, its
//! `Deserialize` says which fields and variants it knows, and what it expects of each: a hash of that is its *layout*. It is written with
//! the value, and has to be the same when it is read.
//!
//! The order of fields and variants is part of it where a codec tells them apart by their places, as a sequence or by numbers: in another
//! order these are others. A codec that writes names is read in any order.
//!
//! Bytes may be anybody's, and say that there is no end to a value: it is not read any deeper than what is written.

use std::{cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor},
};

use super::shape;

/// A value that was read, and the layout of what was read.
pub(super) struct Laid<V> {
    pub(super) value: V,
    pub(super) layout: u64,
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Laid<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let layout = Layout::default();
        let watched =
            Watched { inner: deserializer, layout: &layout, is_of_names: false, level: 0 };
        let value = V::deserialize(watched)?;
        Ok(Self { value, layout: layout.hash() })
    }
}

/// What was asked for, as FNV-1a of 64 bits.
struct Layout {
    sorted: Cell<u64>,
    /// Only names of fields and variants, in the order of their types.
    ordered: Cell<u64>,
    /// Whether a field or a variant was found by its place.
    by_place: Cell<bool>,
}

impl Default for Layout {
    fn default() -> Self {
        let empty = Cell::new(0xcbf2_9ce4_8422_2325);
        Self { sorted: empty.clone(), ordered: empty, by_place: Cell::new(false) }
    }
}

impl Layout {
    fn hash(&self) -> u64 {
        self.sorted.get() ^ if self.by_place.get() { self.ordered.get() } else { 0 }
    }

    fn note(&self, text: &str) {
        mix(&self.sorted, text);
    }

    fn note_all(&self, kind: &str, names: &[&str]) {
        self.note(kind);
        for name in names {
            mix(&self.ordered, name);
        }
        let mut names = names.to_vec();
        names.sort_unstable();
        for name in names {
            self.note(name);
        }
    }
}

fn mix(hash: &Cell<u64>, text: &str) {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    hash.set(text.bytes().chain([0xff]).fold(hash.get(), mix));
}

/// Something of serde's, of which is noted what it is asked for.
struct Watched<'a, T> {
    inner: T,
    layout: &'a Layout,
    /// Whether it is to be told the fields of a struct, or the name of a field or variant.
    is_of_names: bool,
    /// In how many others it is.
    level: u16,
}

impl<'a, T> Watched<'a, T> {
    fn with<U>(&self, inner: U) -> Watched<'a, U> {
        Watched { inner, layout: self.layout, is_of_names: false, level: self.level }
    }
    /// A part of it, if it is not too deep.
    fn with_part<U, E: Error>(&self, inner: U) -> Result<Watched<'a, U>, E> {
        if self.level == shape::LEVELS {
            return Err(E::custom(shape::too_deep()));
        }
        Ok(Watched { level: self.level + 1, ..self.with(inner) })
    }
    fn with_names<U>(&self, inner: U) -> Watched<'a, U> {
        Watched { is_of_names: true, ..self.with(inner) }
    }
    /// Notes a sequence or a number: if names were asked for, it stands for them by places.
    fn note_places(&self) {
        if self.is_of_names {
            self.layout.by_place.set(true);
        }
    }
}

macro_rules! deserialize {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.layout.note(stringify!($method));
            let visitor = self.with(visitor);
            self.inner.$method(visitor)
        }
    )* };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, D> {
    type Error = D::Error;

    deserialize! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
        deserialize_unit deserialize_seq deserialize_map deserialize_ignored_any
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.layout.note("deserialize_identifier");
        let visitor = self.with_names(visitor);
        self.inner.deserialize_identifier(visitor)
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.layout.note("unit");
        let visitor = self.with(visitor);
        self.inner.deserialize_unit_struct(name, visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.with(visitor);
        self.inner.deserialize_newtype_struct(name, visitor)
    }
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.layout.note(&format!("tuple {len}"));
        let visitor = self.with(visitor);
        self.inner.deserialize_tuple(len, visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.layout.note(&format!("tuple {len}"));
        let visitor = self.with(visitor);
        self.inner.deserialize_tuple_struct(name, len, visitor)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.layout.note_all("struct", fields);
        let visitor = self.with_names(visitor);
        self.inner.deserialize_struct(name, fields, visitor)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.layout.note_all("enum", variants);
        let visitor = self.with(visitor);
        self.inner.deserialize_enum(name, variants, visitor)
    }
    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident: $type:ty $(, $note:ident)?;)*) => { $(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            $(self.$note();)?
            self.inner.$method(value)
        }
    )* };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_u8: u8, note_places; visit_u16: u16, note_places; visit_u32: u32, note_places; visit_u64: u64, note_places;
        visit_i8: i8, note_places; visit_i16: i16, note_places; visit_i32: i32, note_places; visit_i64: i64, note_places;
        visit_u128: u128, note_places; visit_i128: i128, note_places;
        visit_bool: bool; visit_f32: f32; visit_f64: f64; visit_char: char;
        visit_str: &str; visit_borrowed_str: &'de str; visit_string: String;
        visit_bytes: &[u8]; visit_borrowed_bytes: &'de [u8]; visit_byte_buf: Vec<u8>;
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }
    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let inner = self.with_part(inner)?;
        self.inner.visit_some(inner)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let inner = self.with_part(inner)?;
        self.inner.visit_newtype_struct(inner)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<V::Value, A::Error> {
        self.note_places();
        let parts = self.with(parts);
        self.inner.visit_seq(parts)
    }
    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let entries = self.with(entries);
        self.inner.visit_map(entries)
    }
    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        let variant = self.with(variant);
        self.inner.visit_enum(variant)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Watched<'_, S> {
    type Value = S::Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with_part(deserializer)?;
        self.inner.deserialize(deserializer)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Watched<'_, A> {
    type Error = A::Error;
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let seed = self.with(seed);
        self.inner.next_element_seed(seed)
    }
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'_, A> {
    type Error = A::Error;
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let seed = self.with(seed);
        self.inner.next_key_seed(seed)
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.with(seed);
        self.inner.next_value_seed(seed)
    }
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, 'a, A: EnumAccess<'de>> EnumAccess<'de> for Watched<'a, A> {
    type Error = A::Error;
    type Variant = Watched<'a, A::Variant>;
    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let variant = self.with(());
        let seed = self.with(seed);
        let (value, inner) = self.inner.variant_seed(seed)?;
        Ok((value, variant.with(inner)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Watched<'_, A> {
    type Error = A::Error;
    fn unit_variant(self) -> Result<(), A::Error> {
        self.layout.note("unit");
        self.inner.unit_variant()
    }
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.layout.note("newtype");
        let seed = self.with(seed);
        self.inner.newtype_variant_seed(seed)
    }
    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.layout.note(&format!("tuple {len}"));
        let visitor = self.with(visitor);
        self.inner.tuple_variant(len, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.layout.note_all("struct", fields);
        let visitor = self.with_names(visitor);
        self.inner.struct_variant(fields, visitor)
    }
}

#[cfg(test)]
mod tests;
