//! The same for `async` functions, and an [`AsyncByteStore`](super::AsyncByteStore). Nothing is locked across an await.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use super::{
    AsyncByteStore, StoreError,
    core::{Core, EntryKey, Lifetime, Ttl},
    error::ErrorKind::{Read, Write},
    identity::Identity,
    region::{AsRegion, Awaited, Settings},
    underway::Course,
    value::StoredValue,
    wall,
};
use crate::{
    call::{Call, SingleFlight},
    flight::{Boarded, Landed, Leader, deadlock},
    info::CacheInfo,
    key::{BodyPart, KeyPart, Lookup, WrittenArgument, WrittenArguments, WrittenKey},
    outcome::Outcome,
    store::is_holding,
    type_scope::Cache,
};

/// Where the entries of an `async` function are.
pub struct InAsyncStore<K: KeyPart, V> {
    core: Core<K, V>,
    region: Box<dyn Awaited>,
}

impl Identity {
    /// The entries of an `async` function, which messages call `name`, in a region.
    pub fn async_store<K: KeyPart, V, R>(&self, name: &'static str, region: R) -> InAsyncStore<K, V>
    where
        V: StoredValue,
        R: AsRegion<Bytes: AsyncByteStore>,
    {
        let core = Core::new::<R>(name, Awaited::settings(&region), self);
        InAsyncStore { core, region: Box::new(region) }
    }
}

impl<K: KeyPart, V> InAsyncStore<K, V> {
    /// Counts hits and misses.
    #[must_use]
    pub fn stats(mut self) -> Self {
        self.core.count();
        self
    }

    fn settings(&self) -> &Settings {
        self.region.settings()
    }

    /// The bytes of an entry, for a call that goes on without.
    async fn read(&self, key: &EntryKey) -> Option<Vec<u8>> {
        let settings = self.settings();
        let pass = settings.reading.pass(settings.retry_after)?;
        self.core.noted(settings, pass, Read, self.region.get(key.key.as_bytes()).await)?
    }

    async fn find<A: WrittenArgument<K>>(
        &self,
        key: &EntryKey,
        args: &A,
        ttl: Option<Ttl<V>>,
    ) -> Option<V> {
        self.open(&self.read(key).await?, args, ttl)
    }

    fn open<A: WrittenArgument<K>>(
        &self,
        bytes: &[u8],
        args: &A,
        ttl: Option<Ttl<V>>,
    ) -> Option<V> {
        let found = self.core.open::<A::Key>(bytes, ttl, |stored| args.matches(stored));
        found.unwrap_or_else(|error| {
            self.core.report(self.settings(), &error);
            None
        })
    }

    /// The bytes of a result that is to be stored.
    fn seal(&self, key: &EntryKey, value: &V, lifetime: Lifetime) -> Option<Sealed> {
        let settings = self.settings();
        let sealed = self.core.seal(settings, key, value, lifetime);
        let envelope = sealed.map_err(|error| self.core.report(settings, &error)).ok()?;
        Some(Sealed { envelope, ttl: lifetime.ttl() })
    }

    /// Stores the result of a computation; its bytes, if nothing speaks against handing them to those who wait.
    async fn keep(&self, key: &EntryKey, sealed: Sealed, course: &Course<'_>) -> Option<Vec<u8>> {
        let settings = self.settings();
        let Sealed { envelope, ttl } = sealed;
        let storing = course.store()?;
        if let Some(pass) = settings.writing.pass(settings.retry_after) {
            let stored = self.region.set(key.key.as_bytes(), &envelope, ttl).await;
            // Who is told of an error may forget, and would wait for this.
            drop(storing);
            self.core.noted(settings, pass, Write, stored);
        }
        Some(envelope)
    }
}

/// The bytes of a result, and for how long they are good. Without the result, which need not be `Sync` to wait for a store.
struct Sealed {
    envelope: Vec<u8>,
    ttl: Option<Duration>,
}

impl<K: KeyPart, V> Cache for InAsyncStore<K, V> {
    fn info(&self) -> CacheInfo {
        self.core.info()
    }
    /// What other processes share is not one's own to forget in passing.
    fn forget_all(&self) -> bool {
        false
    }
}

/// The entries of an `async` function that is memoized with `store = …`: [`StoreCache`](crate::StoreCache), to be awaited.
///
/// ```
/// use memo_runtime::{MemoryStore, Region, memoize};
/// use std::sync::LazyLock;
///
/// static TEXTS: LazyLock<Region<MemoryStore>> =
///     LazyLock::new(|| Region::new("texts", MemoryStore::new()));
///
/// #[memoize(store = &TEXTS, unbounded)]
/// async fn length(text: &str) -> usize {
///     text.len()
/// }
///
/// # async fn run() -> Result<(), memo_runtime::StoreError> {
/// length("abc").await;
/// assert_eq!(length_cache().get(("abc",)).await?, Some(3));
/// # Ok(())
/// # }
/// ```
pub struct AsyncStoreCache<K: KeyPart + 'static, V: 'static> {
    store: &'static InAsyncStore<K, V>,
    ttl: Option<Ttl<V>>,
}

impl<K: KeyPart, V> AsyncStoreCache<K, V> {
    #[doc(hidden)]
    pub const fn of(store: &'static InAsyncStore<K, V>) -> Self {
        Self { store, ttl: None }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn ttl(self, lifespan: Ttl<V>) -> Self {
        Self { ttl: Some(lifespan), ..self }
    }

    /// How many errors calls went on without; with the option `stats`, how many calls found their result, and how many did not. How many
    /// entries there are is not known.
    pub fn info(&self) -> CacheInfo {
        self.store.core.info()
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as a call takes them")]
impl<K: WrittenKey, V> AsyncStoreCache<K, V> {
    /// The value for `args`, if it is there and still good. Computes and counts nothing.
    ///
    /// # Errors
    ///
    /// If that cannot be found out, or what is there is not what this function stores.
    pub async fn get(&self, args: K::Arg<'_>) -> Result<Option<V>, StoreError> {
        let InAsyncStore { core, region } = self.store;
        let stored = args.into_stored();
        let key = core.key_of_stored(&stored)?;
        let bytes =
            region.get(key.key.as_bytes()).await.map_err(|source| core.error(Read, source))?;
        let Some(bytes) = bytes else { return Ok(None) };
        core.open::<K>(&bytes, self.ttl, |other| K::same(&stored, other))
    }

    /// Stores a value as if computed, in place of one that is there.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is stored, or it cannot be.
    pub async fn insert(&self, args: K::Arg<'_>, value: V) -> Result<(), StoreError> {
        let start = wall::now();
        let InAsyncStore { core, region } = self.store;
        let stored = args.into_stored();
        let key = core.key_of_stored(&stored)?;
        core.check::<K>(&key, |read| K::same(&stored, read))?;
        let Some(lifetime) = Lifetime::of(start, self.ttl.map(|ttl| ttl(&value))) else {
            // What would take the entry's place is over at once.
            core.underway.forget(key.digest).wait_async().await;
            let removed = region.remove(key.key.as_bytes()).await;
            return removed.map(drop).map_err(|source| core.error(Write, source));
        };
        let envelope = core.seal(region.settings(), &key, &value, lifetime)?;
        // What is computed meanwhile is not to take its place.
        let (pending, _writing) = core.underway.replace(key.digest);
        pending.wait_async().await;
        let stored = region.set(key.key.as_bytes(), &envelope, lifetime.ttl()).await;
        stored.map_err(|source| core.error(Write, source))
    }

    /// Forgets one entry; says whether it was there. A computation of it that is under way in this process is not stored.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is gone: other calls may find it still.
    pub async fn remove(&self, args: K::Arg<'_>) -> Result<bool, StoreError> {
        let InAsyncStore { core, region } = self.store;
        let key = core.key_of_stored(&args.into_stored())?;
        core.underway.forget(key.digest).wait_async().await;
        region.remove(key.key.as_bytes()).await.map_err(|source| core.error(Write, source))
    }

    /// Forgets all entries of the function, those of its other versions too, and sets the counts of hits and misses to zero. Computations
    /// that are under way in this process are not stored.
    ///
    /// # Errors
    ///
    /// If it is not certain that all are gone.
    pub async fn clear(&self) -> Result<(), StoreError> {
        let InAsyncStore { core, region } = self.store;
        core.underway.forget_all().wait_async().await;
        region.clear(core.prefix()).await.map_err(|source| core.error(Write, source))?;
        core.reset();
        Ok(())
    }
}

impl<K: KeyPart, V, O> Call<AsyncStoreCache<K, V>, O> {
    /// The result that is stored for `args`, or that of `body`.
    pub async fn call_stored_async<A, R, B, Body, Rest>(self, args: A, body: B) -> R
    where
        A: WrittenArguments<K> + BodyPart<K, Rest = Rest>,
        O: Outcome<R, Value = V>,
        B: FnOnce(Rest) -> Body,
        Body: Future<Output = R>,
    {
        let (AsyncStoreCache { store, ttl }, outcome) = self.into_parts();
        let core = &store.core;
        let key = match core.key_of(&args) {
            Ok(key) => key,
            Err(error) => return without(store, &error, args, body).await,
        };
        let course = core.underway.begin(key.digest);
        if let Some(value) = store.find(&key, &args, ttl).await {
            core.hit();
            return O::join(Ok(value));
        }
        core.miss();
        let result = body(args.into_rest()).await;
        let start = wall::now();
        let value = match outcome.split(result) {
            Ok(value) => value,
            rejected @ Err(_) => return O::join(rejected),
        };
        let lifetime = Lifetime::of(start, ttl.map(|ttl| ttl(&value)));
        let sealed = lifetime.and_then(|lifetime| store.seal(&key, &value, lifetime));
        if let Some(sealed) = sealed {
            store.keep(&key, sealed, &course).await;
        }
        O::join(Ok(value))
    }
}

impl<K: KeyPart, V, O> SingleFlight<AsyncStoreCache<K, V>, O> {
    /// The result that is stored for `args`, or that of `body`, which runs once at a time in this process.
    pub async fn call_stored_async<A, R, B, Body, Rest>(self, args: A, body: B) -> R
    where
        A: WrittenArguments<K> + BodyPart<K, Rest = Rest>,
        O: Outcome<R, Value = V>,
        B: FnOnce(Rest) -> Body,
        Body: Future<Output = R>,
    {
        let (name, call) = self.into_call();
        let (AsyncStoreCache { store, ttl }, outcome) = call.into_parts();
        let core = &store.core;
        let key = match core.key_of(&args) {
            Ok(key) => key,
            Err(error) => return without(store, &error, args, body).await,
        };
        if let Some(value) = store.find(&key, &args, ttl).await {
            core.hit();
            return O::join(Ok(value));
        }
        let (leader, course) = loop {
            let course = core.underway.begin(key.digest);
            if is_holding() || !deadlock::is_known() {
                break (None, course);
            }
            let found = match core.flights.board(name, key.hash(), key.encoded(), Vec::eq) {
                Boarded::Leads(leader) => {
                    match around(Some(&leader), store.find(&key, &args, ttl)).await {
                        None => break (Some(leader), course),
                        found => found,
                    }
                }
                Boarded::Waits(waiter) => match waiter.await {
                    Landed::Value(bytes) => store.open(&bytes, &args, ttl),
                    Landed::Nothing => store.find(&key, &args, ttl).await,
                    Landed::Never => break (None, course),
                },
            };
            if let Some(value) = found {
                core.hit();
                return O::join(Ok(value));
            }
        };
        core.miss();
        let result = match &leader {
            Some(leader) => in_flight(leader, || body(args.into_rest())).await,
            None => body(args.into_rest()).await,
        };
        let start = wall::now();
        let finished = around(leader.as_ref(), async {
            let value = outcome.split(result)?;
            let is_awaited = leader.as_ref().is_some_and(Leader::close);
            let lifetime = Lifetime::of(start, ttl.map(|ttl| ttl(&value)));
            let kept = lifetime.and_then(|lifetime| store.seal(&key, &value, lifetime));
            let kept = match kept {
                Some(sealed) => store.keep(&key, sealed, &course).await,
                None => None,
            };
            Ok((value, kept.filter(|_| is_awaited)))
        });
        match finished.await {
            Ok((value, shared)) => {
                if let Some(leader) = leader {
                    leader.end(shared.map(Arc::new));
                }
                O::join(Ok(value))
            }
            Err(rejected) => O::join(Err(rejected)),
        }
    }
}

/// Computes without a store, which has no key for that.
async fn without<K, V, A, R, B, Body>(
    store: &InAsyncStore<K, V>,
    error: &StoreError,
    args: A,
    body: B,
) -> R
where
    K: KeyPart,
    A: WrittenArgument<K>,
    B: FnOnce(A::Rest) -> Body,
    Body: Future<Output = R>,
{
    store.core.report(store.settings(), error);
    store.core.miss();
    body(args.into_rest()).await
}

/// Nested calls see that the body runs. What makes the future is part of the body.
async fn in_flight<K, V, F: Future>(leader: &Leader<K, V>, body: impl FnOnce() -> F) -> F::Output {
    let body = {
        let _body = leader.in_body();
        body()
    };
    let mut body = pin!(body);
    poll_fn(|context| {
        let _body = leader.in_body();
        body.as_mut().poll(context)
    })
    .await
}

/// Nested calls see that code of the leader runs, beside the body.
async fn around<K, V, F: Future>(leader: Option<&Leader<K, V>>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _around = leader.map(Leader::around);
        future.as_mut().poll(context)
    })
    .await
}
