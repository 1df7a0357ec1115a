//! The codec that is used if no other is asked for.

use std::io::Cursor;

use serde::{Serialize, de::DeserializeOwned};

use super::{BoxError, Codec};

/// MessagePack with the names of fields. What was written before fields were put in another order is read rightly; a field more or less, or
/// another name, is an error, and so a miss.
///
/// What has its bytes from no `Deserialize` of one's own cannot be read as anything else than it was written, but for types that look
/// alike: `u8` and `u64`, two structs of the same fields, an enum's variants of the same names. Where such a type takes the place of another one, say
/// another `version`.
#[derive(Debug, Clone, Copy, Default)]
pub struct MessagePack;

impl Codec for MessagePack {
    const NAME: &'static str = "msgpack";

    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError> {
        Ok(rmp_serde::to_vec_named(value)?)
    }

    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError> {
        let mut deserializer = rmp_serde::Deserializer::new(Cursor::new(bytes));
        let value = T::deserialize(&mut deserializer)?;
        let rest = bytes.len() as u64 - deserializer.position();
        if rest > 0 {
            return Err(format!("{rest} bytes are left over").into());
        }
        Ok(value)
    }
}
