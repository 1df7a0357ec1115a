//! How do many tasks, perhaps of several runtimes, share one connection to a Redis server?
//!
//! The crate `redis` reads the answers of a connection in a task of the runtime in which the connection was made, and gives them out in
//! the order of the questions: who is no longer there loses its own answer, nobody else's. That task ends with its runtime, and
//! does not run while the runtime is not driven; so each runtime gets a connection of its own.
//!
//! A connection is made in a task of its own, too: one for all who wait, which none of them can hold up by no longer being polled.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Cmd, RedisResult, Value,
    aio::{ConnectionLike, MultiplexedConnection},
};
use tokio::{
    runtime::{self, Handle},
    sync::watch,
};

use super::{BoxError, Failure, Server, command, positive};
use crate::stores::AsyncByteStore;

/// For as many runtimes a connection is kept; of more, the oldest one is made again when it is needed.
const RUNTIMES: usize = 8;

/// A Redis server as a store of `async` functions, on tokio. With the feature `redis-tokio`, from Rust 1.88 on.
///
/// URLs, servers, errors and values are those of the store for functions that are not `async`, [`Redis`](crate::Redis) (which needs the feature `redis`).
///
/// **Runtime.** It is used within a tokio runtime that has I/O and time enabled; outside of any runtime each call is an error. Several
/// runtimes over one store are fine.
///
/// **Connections.** One for each runtime, made by the first call in it, and shared by all tasks: questions go out as they come, answers
/// come back in the same order. After an error a new connection is made; a connection that was closed meanwhile, or whose server was
/// restarted, is noticed and the question asked once more. A call whose future is dropped may or may not be done by the server;
/// its answer is read and dropped.
///
/// **Time.** [`connect_timeout`](Self::connect_timeout) bounds the whole connecting, [`response_timeout`](Self::response_timeout) the
/// time from a question to the end of its answer; in `clear` for each step.
pub struct AsyncRedis {
    server: Server,
    connections: Mutex<Connections>,
}

/// All connections, the oldest one first.
#[derive(Default)]
struct Connections {
    slots: Vec<Slot>,
    made: u64,
}

/// A connection that is there, or is being made.
#[derive(Clone)]
struct Slot {
    runtime: runtime::Id,
    number: u64,
    connection: watch::Receiver<Option<RedisResult<MultiplexedConnection>>>,
}

impl AsyncRedis {
    /// The server of a URL. It connects on first use.
    ///
    /// # Errors
    ///
    /// If the URL is none of a Redis server, or of a kind that is not supported. Whether there is such a server shows on first use.
    pub fn open(url: &str) -> Result<Self, BoxError> {
        Ok(Self { server: Server::parse(url)?, connections: Mutex::default() })
    }

    /// How long a call waits for a connection: 500 ms unless said otherwise here.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.server.connect_timeout = positive(timeout);
        self
    }

    /// How long a call waits for the answer to a question: 200 ms unless said otherwise here.
    #[must_use]
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.server.response_timeout = positive(timeout);
        self
    }

    /// Never held across an `await`.
    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The slot of this runtime; says also whether it was there.
    fn slot(&self, operation: &'static str) -> Result<(Slot, bool), Failure> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(Failure::without_runtime(operation));
        };
        let id = runtime.id();
        let mut connections = self.connections();
        // Who was to be told of this failure may have been dropped: it says nothing of now.
        connections.slots.retain(|slot| !slot.has_failed());
        if let Some(slot) = connections.slots.iter().find(|slot| slot.runtime == id) {
            return Ok((slot.clone(), true));
        }
        let (made, connection) = watch::channel(None);
        let Server { client, connect_timeout, response_timeout } = self.server.clone();
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(connect_timeout))
            .set_response_timeout(Some(response_timeout));
        runtime.spawn(async move {
            let outcome = client.get_multiplexed_async_connection_with_config(&config).await;
            // If nobody waits any more, the slot has it for the next one.
            made.send_replace(Some(outcome));
        });
        connections.made += 1;
        let slot = Slot { runtime: id, number: connections.made, connection };
        // What a slot holds is closed outside of the lock.
        let oldest = (connections.slots.len() == RUNTIMES).then(|| connections.slots.remove(0));
        connections.slots.push(slot.clone());
        drop(connections);
        drop(oldest);
        Ok((slot, false))
    }

    /// A connection on which something went wrong is not used again. Others may have replaced it meanwhile: theirs stays.
    fn forget(&self, number: u64) {
        let mut connections = self.connections();
        let position = connections.slots.iter().position(|slot| slot.number == number);
        let forgotten = position.map(|position| connections.slots.remove(position));
        drop(connections);
        drop(forgotten);
    }

    /// Has one conversation with the server, on one connection from its beginning to its end.
    async fn talk<R, F: Future<Output = RedisResult<R>>>(
        &self,
        operation: &'static str,
        conversation: impl Fn(MultiplexedConnection) -> F,
    ) -> Result<R, BoxError> {
        let mut may_be_old = true;
        loop {
            let (slot, was_there) = self.slot(operation)?;
            let number = slot.number;
            let outcome = match slot.connected().await {
                Ok(connection) => conversation(connection).await,
                Err(error) => {
                    // It was never there, so that asking once more would not help.
                    may_be_old = false;
                    Err(error)
                }
            };
            match outcome {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    self.forget(number);
                    if !(may_be_old && was_there && error.is_connection_dropped()) {
                        return Err(self.server.failure(operation, &error).into());
                    }
                    may_be_old = false;
                }
            }
        }
    }
}

impl Slot {
    fn has_failed(&self) -> bool {
        matches!(*self.connection.borrow(), Some(Err(_)))
    }

    async fn connected(mut self) -> RedisResult<MultiplexedConnection> {
        match self.connection.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            // The runtime ends, and with it the task that was connecting.
            Ok(None) | Err(_) => Err(std::io::Error::from(std::io::ErrorKind::NotConnected).into()),
        }
    }
}

async fn ask(connection: &mut MultiplexedConnection, command: &Cmd) -> RedisResult<Value> {
    connection.req_packed_command(command).await
}

impl AsyncByteStore for AsyncRedis {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let get = &command::get(key);
        self.talk("GET", |mut connection| async move {
            command::value(ask(&mut connection, get).await?)
        })
        .await
    }

    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        let set = &command::set(key, value, ttl);
        self.talk(
            "SET",
            |mut connection| async move { command::done(ask(&mut connection, set).await?) },
        )
        .await
    }

    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        let unlink = &command::unlink(&[key]);
        let removed = self.talk("UNLINK", |mut connection| async move {
            command::count(ask(&mut connection, unlink).await?)
        });
        Ok(removed.await? > 0)
    }

    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.talk("SCAN and UNLINK", |mut connection| async move {
            let mut cursor = b"0".to_vec();
            loop {
                let scan = command::scan(&cursor, prefix);
                let page = command::page(ask(&mut connection, &scan).await?, prefix)?;
                if !page.keys.is_empty() {
                    let unlink = command::unlink(&page.keys);
                    command::count(ask(&mut connection, &unlink).await?)?;
                }
                match page.next {
                    Some(next) => cursor = next,
                    None => return Ok(()),
                }
            }
        })
        .await
    }
}

/// Without the password.
impl fmt::Debug for AsyncRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.server.debug("AsyncRedis", f)
    }
}
