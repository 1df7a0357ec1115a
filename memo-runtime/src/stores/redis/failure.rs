//! What is told of an error: the operation, the server and the reason; no key, no value, no password.

use std::{error::Error, fmt};

use redis::{ErrorKind, RedisError};

/// An operation that Redis did not do, or perhaps did without our being told.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    what: String,
}

impl Failure {
    pub(super) fn new(operation: &'static str, address: &str, error: &RedisError) -> Self {
        let reason = reason(error);
        Self { what: format!("{operation} on Redis at {address}: {reason}") }
    }

    pub(super) fn of_url(error: &RedisError) -> Self {
        Self { what: format!("URL of a Redis server: {}", reason(error)) }
    }

    #[cfg(feature = "redis-tokio")]
    pub(super) fn without_runtime(operation: &'static str) -> Self {
        Self { what: format!("{operation} on Redis: there is no tokio runtime here") }
    }
}

/// The crate's words, but where they may quote what the server has sent, or say less than they could.
fn reason(error: &RedisError) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    match error.kind() {
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => "an answer that is none".to_owned(),
        _ => error.to_string(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Failure {}
