//! How many options of a value are there, and how deep is it? Without writing it.
//!
//! A codec may write `Some(None)` as it writes `None`, as MessagePack and JSON do: what is read back has fewer options that are there. And
//! each level of a value takes a part of the stack of who reads it, which has to do for all.

use std::{cell::Cell, error::Error, fmt};

use serde::{
    Serialize, Serializer,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};

/// How many levels a value may have: options, newtypes, sequences, maps, structs and variants with something in them.
pub(super) const LEVELS: u16 = 128;

/// How many options are there in a value, in all its parts that are written.
pub(super) fn somes<T: Serialize>(value: &T) -> Result<u64, Refusal> {
    let somes = Cell::new(0);
    value.serialize(Walk { somes: &somes, level: 0 })?;
    Ok(somes.get())
}

/// What a value says that cannot be written; or it is too deep.
#[derive(Debug)]
pub(super) struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Error for Refusal {}
impl serde::ser::Error for Refusal {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

/// What it is too deep by.
pub(super) fn too_deep() -> String {
    format!("it has more than {LEVELS} levels")
}

/// Goes through a value, or the parts of one.
#[derive(Clone, Copy)]
struct Walk<'a> {
    somes: &'a Cell<u64>,
    level: u16,
}

impl Walk<'_> {
    fn into_part<T: Serialize + ?Sized>(self, part: &T) -> Result<(), Refusal> {
        if self.level == LEVELS {
            return Err(Refusal(too_deep()));
        }
        part.serialize(Self { level: self.level + 1, ..self })
    }
}

macro_rules! leaves {
    ($($method:ident: $type:ty;)*) => { $(
        fn $method(self, _: $type) -> Result<(), Refusal> {
            Ok(())
        }
    )* };
}

impl Serializer for Walk<'_> {
    type Ok = ();
    type Error = Refusal;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    leaves! {
        serialize_bool: bool; serialize_char: char; serialize_str: &str; serialize_bytes: &[u8];
        serialize_i8: i8; serialize_i16: i16; serialize_i32: i32; serialize_i64: i64; serialize_i128: i128;
        serialize_u8: u8; serialize_u16: u16; serialize_u32: u32; serialize_u64: u64; serialize_u128: u128;
        serialize_f32: f32; serialize_f64: f64; serialize_unit_struct: &'static str;
    }
    fn serialize_unit(self) -> Result<(), Refusal> {
        Ok(())
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), Refusal> {
        Ok(())
    }
    fn serialize_none(self) -> Result<(), Refusal> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refusal> {
        self.somes.set(self.somes.get() + 1);
        self.into_part(value)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refusal> {
        self.into_part(value)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refusal> {
        self.into_part(value)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Refusal> {
        Ok(self)
    }
    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! parts {
    ($($of:ident: $($method:ident)*;)*) => { $(
        impl $of for Walk<'_> {
            type Ok = ();
            type Error = Refusal;
            $(fn $method<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Refusal> {
                self.into_part(part)
            })*
            fn end(self) -> Result<(), Refusal> {
                Ok(())
            }
        }
    )* };
}
parts! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
    SerializeMap: serialize_key serialize_value;
}

macro_rules! fields {
    ($($of:ident)*) => { $(
        impl $of for Walk<'_> {
            type Ok = ();
            type Error = Refusal;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                part: &T,
            ) -> Result<(), Refusal> {
                self.into_part(part)
            }
            fn end(self) -> Result<(), Refusal> {
                Ok(())
            }
        }
    )* };
}
fields! { SerializeStruct SerializeStructVariant }

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    enum Part {
        New(Option<u8>),
        Tuple(Option<u8>, u8),
        Fields {
            a: Option<()>,
            #[serde(skip_serializing_if = "Option::is_none")]
            b: Option<u8>,
        },
    }
    #[derive(Serialize)]
    struct List(Option<Box<List>>);

    #[test]
    fn options_that_are_there_are_counted_wherever_they_are() {
        let parts = [
            Part::New(Some(1)),
            Part::Tuple(Some(1), 2),
            Part::Fields { a: Some(()), b: None },
            Part::Fields { a: None, b: Some(1) },
        ];
        let map = BTreeMap::from([(Some(1), None), (None, Some("x"))]);
        assert_eq!(somes(&parts).expect("a number"), 4);
        assert_eq!(somes(&map).expect("a number"), 2);
        assert_eq!(somes(&(Some(Some(None::<u8>)), Some(()))).expect("a number"), 3);
    }

    #[test]
    fn levels_are_counted() {
        let list = |len| (0..len).fold(List(None), |list, _| List(Some(Box::new(list))));
        // A newtype and an option each, and the newtype at the end.
        assert!(somes(&list(63)).is_ok());
        assert!(somes(&list(64)).is_err());
    }
}
