//! The stores of this package, their lock and their reclamation, with loom's atomics and locks: the root of the package
//! `memo-models`, which is not published, so that no user of `memo-runtime` has loom in his lock file.
//!
//! Its modules are not copies: what loom tries out is what is shipped. The models stand beside what they are about, in
//! `loom_tests`. `cargo test --release -p memo-models` runs them.

#![allow(
    dead_code,
    unexpected_cfgs,
    unused_imports,
    missing_docs,
    reason = "models use a part of what is included"
)]

mod clock;
mod flight;
mod info;
mod key;
mod outcome;
mod reclaim;
mod store;
mod sync;
mod term;
