//! Compiles the code of the README and of the pages in this folder, as doctests.

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
pub struct Readme;

#[doc = include_str!("options.md")]
#[cfg(doctest)]
pub struct Options;

#[doc = include_str!("stores.md")]
#[cfg(doctest)]
pub struct Stores;

#[doc = include_str!("migrating.md")]
#[cfg(doctest)]
pub struct Migrating;

#[doc = include_str!("verify.md")]
#[cfg(all(doctest, feature = "verify"))]
pub struct Verify;
