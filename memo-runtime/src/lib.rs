//! wip
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod accessor;
mod call;
mod info;
mod instance;
mod key;
mod mutation;
mod reclaim;
mod store;
mod type_scope;

pub use accessor::MethodCache;
pub use info::CacheInfo;
pub use instance::clear_instance;
pub use memo_macros::memoize;
