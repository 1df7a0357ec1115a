//! What is told of a failure?

use std::{error::Error, fmt};

use super::BoxError;

/// A store, or the codec of its values, has failed. Calls go on without: it is told to [`Region::on_error`](super::Region::on_error),
/// and counted. The accessor reports it.
pub struct StoreError {
    kind: ErrorKind,
    cache: &'static str,
    source: BoxError,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Reading from the store.
    Read,
    /// Writing to the store, or removing from it.
    Write,
    /// Making bytes of a key or a value; or they are more than the region takes.
    Encode,
    /// Making a value of bytes that are where ours should be. It is a miss.
    Decode,
}

impl StoreError {
    pub(super) fn new(kind: ErrorKind, cache: &'static str, source: BoxError) -> Self {
        Self { kind, cache, source }
    }

    /// What failed.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The function, as [`CacheHandle::name`](crate::CacheHandle::name) names it.
    pub fn cache(&self) -> &str {
        self.cache
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Read => "cannot read an entry of",
            ErrorKind::Write => "cannot write to the entries of",
            ErrorKind::Encode => "cannot encode an entry of",
            ErrorKind::Decode => "cannot decode an entry of",
        };
        write!(f, "{what} `{}`: {}", self.cache, self.source)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("cache", &self.cache)
            .field("source", &self.source)
            .finish()
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
