//! How do entries live outside of the process, as bytes, where many processes and machines share them?

mod awaited;
mod blocking;
mod core;
mod envelope;
mod error;
mod gate;
mod identity;
mod layout;
mod memory;
mod message_pack;
#[cfg(any(feature = "redis", feature = "redis-tokio"))]
mod redis;
mod region;
mod shape;
mod underway;
mod value;
mod wall;

pub use self::{
    awaited::{AsyncStoreCache, InAsyncStore},
    blocking::{InStore, StoreCache, stored},
    error::{ErrorKind, StoreError},
    identity::Identity,
    memory::MemoryStore,
    message_pack::MessagePack,
    region::Region,
};

use std::{error::Error, future::Future, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

#[cfg(feature = "redis-tokio")]
pub use self::redis::AsyncRedis;
#[cfg(feature = "redis")]
pub use self::redis::Redis;

/// What went wrong in a store or a codec.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Where bytes are kept under keys, by something that may fail: a server, a database, a folder.
///
/// Keys and values are any bytes. A call may come from many threads at once, and bounds the time that it takes. It does not forget
/// entries of the function that it is made for, by whose accessor it would wait for itself.
#[diagnostic::on_unimplemented(
    message = "a function that is not `async` cannot keep its entries in a `{Self}`; it waits for its store, which is a `ByteStore`; take the region of such a one, or make the function `async`",
    label = "no region of a `ByteStore`"
)]
pub trait ByteStore: Send + Sync + 'static {
    /// The value of `key`, if there is one.
    ///
    /// # Errors
    ///
    /// If that cannot be found out.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError>;

    /// Stores a value, in place of one that is there. The store may drop it when `ttl` has passed, and is not to drop it
    /// long after: an entry says itself until when it is good.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is stored.
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError>;

    /// Removes a value; says whether it was there.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is gone.
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError>;

    /// Removes the values of all keys that begin with `prefix`, and no others.
    ///
    /// # Errors
    ///
    /// If it is not certain that all are gone.
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError>;
}

/// [`ByteStore`] for `async` functions. An implementation writes `async fn`.
#[diagnostic::on_unimplemented(
    message = "an `async` function cannot keep its entries in a `{Self}`; it awaits its store, which is an `AsyncByteStore`; take the region of such a one",
    label = "no region of an `AsyncByteStore`"
)]
pub trait AsyncByteStore: Send + Sync + 'static {
    /// [`ByteStore::get`].
    fn get(&self, key: &[u8]) -> impl Future<Output = Result<Option<Vec<u8>>, BoxError>> + Send;

    /// [`ByteStore::set`].
    fn set(
        &self,
        key: &[u8],
        value: &[u8],
        ttl: Option<Duration>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// [`ByteStore::remove`].
    fn remove(&self, key: &[u8]) -> impl Future<Output = Result<bool, BoxError>> + Send;

    /// [`ByteStore::clear`].
    fn clear(&self, prefix: &[u8]) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// How values become bytes, and bytes values.
pub trait Codec: Send + Sync + 'static {
    /// Part of the key of every entry: what one codec has written is no other's to read.
    const NAME: &'static str;

    /// The bytes of a value.
    ///
    /// # Errors
    ///
    /// If the value cannot be written in this form.
    fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError>;

    /// The value of all the bytes.
    ///
    /// # Errors
    ///
    /// If they are not the bytes of such a value, or if some are left over.
    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError>;
}
