//! How do many threads talk to one Redis server without waiting for each other?

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{Cmd, Connection, ConnectionLike, RedisResult, Value};

use super::{BoxError, Server, command, positive};
use crate::stores::ByteStore;

/// As many connections are kept open while nobody needs them.
const IDLE: usize = 16;

/// A Redis server as a store. With the feature `redis`, from Rust 1.88 on.
///
/// ```
/// use std::time::Duration;
///
/// use memo_runtime::{BoxError, Redis};
///
/// fn billing() -> Result<Redis, BoxError> {
///     Ok(Redis::open("redis://cache.internal:6379/2")?.response_timeout(Duration::from_millis(50)))
/// }
/// # billing().unwrap();
/// ```
///
/// **URLs.** `redis://[user][:password@]host[:port][/database]` (or `valkey://`), and on Unix `unix:///path/to.sock?db=2&user=u&pass=p`.
/// `rediss://`, with TLS, is an error here unless the feature `tls-rustls` or `tls-native-tls` of the crate `redis` is on; a program
/// that lists `redis` 1.8 among its own dependencies with this feature turns it on.
///
/// **Servers.** Redis 4 or later, Valkey, or what speaks their protocol with `GET`, `SET … PX`, `UNLINK` and `SCAN`. One server: there
/// is no support for clusters (a key of another node is an error, and `clear` would see one node), for sentinels, or for reading from
/// replicas. Behind an address that moves to another server after a failover it recovers as after a restart.
///
/// **Connections.** The first one is made by the first call. Threads do not wait for each other: a call takes a connection that is idle,
/// or makes one; up to 16 stay open. A connection on which anything went wrong is closed, never used again, so that no late answer is
/// taken for another one. A server that has closed an idle connection, or was restarted meanwhile, is asked once more on a new one.
///
/// **Time.** [`connect_timeout`](Self::connect_timeout), and [`response_timeout`](Self::response_timeout) for each wait for
/// the socket. Looking up a host's name takes what the system takes. [`clear`](ByteStore::clear) walks all keys of the database in steps
/// of a thousand; the bound is one for each step.
///
/// **Errors** name the operation and the server, never a key, a value or a password. A `set` or `remove` that fails with a timeout may
/// still be done by the server, later. A `remove` that had to be asked twice may say `false` for what the first time removed.
///
/// **Values** stay for the `ttl`, rounded down to milliseconds, at least one millisecond and at most a hundred years. A `set` replaces
/// whatever is under the key; a `get` of a key under which something else than a string is kept, as a list, is an error.
pub struct Redis {
    server: Server,
    idle: Mutex<Vec<Connection>>,
}

impl Redis {
    /// The server of a URL. It connects on first use.
    ///
    /// # Errors
    ///
    /// If the URL is none of a Redis server, or of a kind that is not supported. Whether there is such a server shows on first use.
    pub fn open(url: &str) -> Result<Self, BoxError> {
        Ok(Self { server: Server::parse(url)?, idle: Mutex::default() })
    }

    /// How long a call waits for a connection: 500 ms unless said otherwise here.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.server.connect_timeout = positive(timeout);
        self
    }

    /// How long a call waits for the server to take bytes, or to send some: 200 ms each unless said otherwise here.
    #[must_use]
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.server.response_timeout = positive(timeout);
        self
    }

    /// Whatever panics, a list of connections is a list of connections.
    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has one conversation with the server, on one connection from its beginning to its end.
    fn talk<R>(
        &self,
        operation: &'static str,
        conversation: impl Fn(&mut Connection) -> RedisResult<R>,
    ) -> Result<R, BoxError> {
        let failed = |error| BoxError::from(self.server.failure(operation, &error));
        let idle = self.idle().pop();
        if let Some(connection) = idle {
            match self.talk_on(connection, &conversation) {
                Err(error) if error.is_connection_dropped() => {}
                outcome => return outcome.map_err(failed),
            }
        }
        let connection = self.connect().map_err(failed)?;
        self.talk_on(connection, conversation).map_err(failed)
    }

    /// The connection goes back to the idle ones only if all is well. If it fails, so will those that are as old: a server that
    /// comes back must not be met by its dead connections, one call after the other.
    fn talk_on<R>(
        &self,
        mut connection: Connection,
        conversation: impl Fn(&mut Connection) -> RedisResult<R>,
    ) -> RedisResult<R> {
        let outcome = conversation(&mut connection);
        let dropped = match &outcome {
            Ok(_) => {
                let mut idle = self.idle();
                if idle.len() < IDLE {
                    idle.push(connection);
                }
                return outcome;
            }
            Err(error) if error.is_io_error() => std::mem::take(&mut *self.idle()),
            Err(_) => Vec::new(),
        };
        // Closed outside of the lock.
        drop(dropped);
        outcome
    }

    fn connect(&self) -> RedisResult<Connection> {
        let connection =
            self.server.client.get_connection_with_timeout(self.server.connect_timeout)?;
        connection.set_read_timeout(Some(self.server.response_timeout))?;
        connection.set_write_timeout(Some(self.server.response_timeout))?;
        Ok(connection)
    }
}

fn ask(connection: &mut Connection, command: &Cmd) -> RedisResult<Value> {
    connection.req_command(command)
}

impl ByteStore for Redis {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let get = command::get(key);
        self.talk("GET", |connection| command::value(ask(connection, &get)?))
    }

    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        let set = command::set(key, value, ttl);
        self.talk("SET", |connection| command::done(ask(connection, &set)?))
    }

    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        let unlink = command::unlink(&[key]);
        let removed =
            self.talk("UNLINK", |connection| command::count(ask(connection, &unlink)?))?;
        Ok(removed > 0)
    }

    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.talk("SCAN and UNLINK", |connection| {
            let mut cursor = b"0".to_vec();
            loop {
                let page =
                    command::page(ask(connection, &command::scan(&cursor, prefix))?, prefix)?;
                if !page.keys.is_empty() {
                    command::count(ask(connection, &command::unlink(&page.keys))?)?;
                }
                match page.next {
                    Some(next) => cursor = next,
                    None => return Ok(()),
                }
            }
        })
    }
}

/// Without the password.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.server.debug("Redis", f)
    }
}
