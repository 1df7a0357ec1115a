//! How does a Redis server become a store?
//!
//! `blocking` and `multiplexed` say how a question gets to the server and its answer back; `command` says what is asked, and what
//! an answer means. No type of the crate `redis` leaves this module.

#[cfg(feature = "redis")]
mod blocking;
mod command;
mod failure;
#[cfg(feature = "redis-tokio")]
mod multiplexed;

use std::{fmt, time::Duration};

use ::redis::{Client, IntoConnectionInfo};

#[cfg(feature = "redis")]
pub use self::blocking::Redis;
use self::failure::Failure;
#[cfg(feature = "redis-tokio")]
pub use self::multiplexed::AsyncRedis;
use super::BoxError;

/// Which server, and how long it is waited for.
#[derive(Clone)]
struct Server {
    client: Client,
    connect_timeout: Duration,
    response_timeout: Duration,
}

impl Server {
    fn parse(url: &str) -> Result<Self, BoxError> {
        let client = url.into_connection_info().and_then(|info| {
            // The name of the library would be one more exchange for each connection.
            let settings = info.redis_settings().clone().set_skip_set_lib_name();
            Client::open(info.set_redis_settings(settings))
        });
        Ok(Self {
            client: client.map_err(|error| Failure::of_url(&error))?,
            connect_timeout: Duration::from_millis(500),
            response_timeout: Duration::from_millis(200),
        })
    }

    /// The server's name in errors: never with a user or a password.
    fn address(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    fn failure(&self, operation: &'static str, error: &::redis::RedisError) -> Failure {
        Failure::new(operation, &self.address(), error)
    }

    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("address", &format_args!("{}", self.address()))
            .field("database", &self.client.get_connection_info().redis_settings().db())
            .field("connect_timeout", &self.connect_timeout)
            .field("response_timeout", &self.response_timeout)
            .finish()
    }
}

/// A timeout that sockets accept: they refuse zero.
fn positive(timeout: Duration) -> Duration {
    timeout.max(Duration::from_millis(1))
}
