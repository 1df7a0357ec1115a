//! Codecs of one's own.

use memo_runtime::{BoxError, Codec};
use serde::{Serialize, de::DeserializeOwned};

/// Names no field and no variant.
#[allow(dead_code, reason = "each test uses a part")]
pub struct Postcard;
impl Codec for Postcard {
    const NAME: &'static str = "postcard";
    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError> {
        Ok(postcard::to_stdvec(value)?)
    }
    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError> {
        match postcard::take_from_bytes(bytes)? {
            (value, []) => Ok(value),
            _ => Err("bytes are left over".into()),
        }
    }
}

/// Names all of them, and is text.
#[allow(dead_code, reason = "each test uses a part")]
pub struct Json;
impl Codec for Json {
    const NAME: &'static str = "json";
    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError> {
        Ok(serde_json::to_vec(value)?)
    }
    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
