//! The codec that is used if no other is asked for.

use std::io::Cursor;

use serde::{Serialize, de::DeserializeOwned};

use super::{BoxError, Codec};

/// MessagePack with the names of fields: what was written before fields were put in another order is read rightly.
///
/// That a field has come, gone, or got another name is seen whatever the codec: with each value is written which fields and variants its
/// type knows, and what it expects of them. A value that was written for another type is a miss.
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
