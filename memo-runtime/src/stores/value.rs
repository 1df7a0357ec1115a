//! What can be stored?

use serde::{Serialize, de::DeserializeOwned};

/// A result that can be written to a store, and read from it.
#[diagnostic::on_unimplemented(
    message = "a result of type `{Self}` cannot be stored; it is written, and read by other processes; implement `Serialize` and `Deserialize`",
    label = "needs `Serialize` and `Deserialize`"
)]
pub trait StoredValue: Serialize + DeserializeOwned {}
#[diagnostic::do_not_recommend]
impl<V: Serialize + DeserializeOwned> StoredValue for V {}
