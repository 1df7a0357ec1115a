//! What is measured: the same work, memoized in different ways.

pub mod body;
pub mod hand;
pub mod keys;
pub mod ours;
pub mod peers;
pub mod stores;
