//! wip
pub mod info;
pub mod key;
pub mod store;
