//! What do the functions have in common that share a store?

use std::{
    cell::Cell,
    fmt,
    future::Future,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, LazyLock},
    time::Duration,
};

use super::{
    AsyncByteStore, BoxError, ByteStore, Codec, MessagePack, StoreError, error::ErrorKind,
    gate::Gate,
};

/// A part of a store, by a name: what the functions have in common that keep their entries there.
///
/// `B` is the store, a [`ByteStore`] or, for `async` functions, an [`AsyncByteStore`]; `C` makes bytes of values. A region lives as long
/// as the process, in a `static`:
///
/// ```
/// use memo_runtime::{MemoryStore, Region, memoize};
/// use std::sync::LazyLock;
///
/// static BILLING: LazyLock<Region<MemoryStore>> =
///     LazyLock::new(|| Region::new("billing", MemoryStore::new()).on_error(|error| eprintln!("{error}")));
///
/// #[memoize(store = &BILLING, ttl = "5m")]
/// fn exchange_rate(from: &str, to: &str) -> Result<f64, String> {
///     // …
/// #   Ok((from.len() + to.len()) as f64)
/// }
///
/// assert_eq!(exchange_rate("EUR", "USD"), Ok(6.0));
/// assert_eq!(exchange_rate_cache().get(("EUR", "USD")).unwrap(), Some(6.0));
/// ```
///
/// An entry is found by all processes that say the same region, path and version: see `docs/stores.md` in the repository.
pub struct Region<B, C = MessagePack> {
    bytes: B,
    settings: Settings,
    codec: PhantomData<fn() -> C>,
}

type Hook = Box<dyn Fn(&StoreError) + Send + Sync>;

/// What a region is told.
pub(super) struct Settings {
    pub(super) name: String,
    on_error: Option<Hook>,
    pub(super) retry_after: Duration,
    pub(super) max_value_len: usize,
    pub(super) reading: Gate,
    pub(super) writing: Gate,
}

impl<B> Region<B> {
    /// A region of that name in a store. Functions of different regions never see each other's entries, of the same store or not.
    pub fn new(name: impl Into<String>, bytes: B) -> Self {
        let settings = Settings {
            name: name.into(),
            on_error: None,
            retry_after: Duration::from_secs(1),
            max_value_len: 1 << 20,
            reading: Gate::default(),
            writing: Gate::default(),
        };
        Self { bytes, settings, codec: PhantomData }
    }
}

impl<B, C> Region<B, C> {
    /// Makes bytes of values by another codec. What one codec has written, another does not read. Keys are always written as
    /// MessagePack; the codec gets them beside the value.
    pub fn codec<D: Codec>(self) -> Region<B, D> {
        Region { bytes: self.bytes, settings: self.settings, codec: PhantomData }
    }

    /// Calls `hook` with each error that a call meets, and goes on without the store. It is called in the thread of the call, with no
    /// lock held. If it panics, that is the end of the hook, not of the call. Errors that calls in the hook meet are counted, but no
    /// hook is told of them.
    #[must_use]
    pub fn on_error(mut self, hook: impl Fn(&StoreError) + Send + Sync + 'static) -> Self {
        self.settings.on_error = Some(Box::new(hook));
        self
    }

    /// For how long calls do without the store after an error, in reading and in writing each; then one of them tries again. One second,
    /// if it is not said.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.settings.retry_after = time;
        self
    }

    /// How many bytes a value, with its key, may have; more are not stored, which is an error of the kind `Encode`. 1 MiB, if it is
    /// not said.
    #[must_use]
    pub fn max_value_len(mut self, bytes: usize) -> Self {
        self.settings.max_value_len = bytes;
        self
    }

    /// The store.
    pub fn store(&self) -> &B {
        &self.bytes
    }

    #[cfg(test)]
    pub(super) fn into_settings(self) -> Settings {
        self.settings
    }
}

impl<B, C: Codec> fmt::Debug for Region<B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Region")
            .field("name", &self.settings.name)
            .field("codec", &C::NAME)
            .field("retry_after", &self.settings.retry_after)
            .field("max_value_len", &self.settings.max_value_len)
            .finish_non_exhaustive()
    }
}

thread_local! {
    static IS_TELLING: Cell<bool> = const { Cell::new(false) };
}

/// A hook that runs in this thread.
struct Telling;

impl Telling {
    /// Nothing if one does already, of whatever region.
    fn begin() -> Option<Self> {
        if IS_TELLING.replace(true) { None } else { Some(Self) }
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        IS_TELLING.set(false);
    }
}

impl Settings {
    /// Tells of an error, if this thread is not being told of one: what a hook calls may fail as well, and so on without an end.
    pub(super) fn tell(&self, error: &StoreError) {
        let Some(hook) = &self.on_error else { return };
        if let Some(_telling) = Telling::begin() {
            let _ = catch_unwind(AssertUnwindSafe(|| hook(error)));
        }
    }

    pub(super) fn gate(&self, kind: ErrorKind) -> &Gate {
        if kind == ErrorKind::Read { &self.reading } else { &self.writing }
    }
}

/// What `store = …` may be: a region that lives as long as the process.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be the region of this function; functions share a region, which lives as long as the process; write `store = &REGION`, of a `static REGION: LazyLock<Region<…>>`",
    label = "no region"
)]
pub trait AsRegion: Send + Sync + 'static {
    /// The store.
    type Bytes;
    /// What makes bytes of values.
    type Codec: Codec;
    /// The region.
    fn region(&self) -> &Region<Self::Bytes, Self::Codec>;
}

impl<B: Send + Sync + 'static, C: Codec> AsRegion for &'static Region<B, C> {
    type Bytes = B;
    type Codec = C;
    fn region(&self) -> &Region<B, C> {
        self
    }
}
impl<B, C, F> AsRegion for &'static LazyLock<Region<B, C>, F>
where
    B: Send + Sync + 'static,
    C: Codec,
    F: FnOnce() -> Region<B, C> + Send + 'static,
{
    type Bytes = B;
    type Codec = C;
    fn region(&self) -> &Region<B, C> {
        self
    }
}
impl<B: Send + Sync + 'static, C: Codec> AsRegion for Arc<Region<B, C>> {
    type Bytes = B;
    type Codec = C;
    fn region(&self) -> &Region<B, C> {
        self
    }
}

/// A region of a type that is not known, with a [`ByteStore`].
pub(super) trait Blocking: Send + Sync {
    fn settings(&self) -> &Settings;
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError>;
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError>;
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError>;
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError>;
}

impl<R: AsRegion<Bytes: ByteStore>> Blocking for R {
    fn settings(&self) -> &Settings {
        &self.region().settings
    }
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.region().bytes.get(key)
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.region().bytes.set(key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        self.region().bytes.remove(key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.region().bytes.clear(prefix)
    }
}

/// A future of a type that is not known.
pub(super) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// A region of a type that is not known, with an [`AsyncByteStore`].
pub(super) trait Awaited: Send + Sync {
    fn settings(&self) -> &Settings;
    fn get<'a>(&'a self, key: &'a [u8]) -> Later<'a, Option<Vec<u8>>>;
    fn set<'a>(&'a self, key: &'a [u8], value: &'a [u8], ttl: Option<Duration>) -> Later<'a, ()>;
    fn remove<'a>(&'a self, key: &'a [u8]) -> Later<'a, bool>;
    fn clear<'a>(&'a self, prefix: &'a [u8]) -> Later<'a, ()>;
}

impl<R: AsRegion<Bytes: AsyncByteStore>> Awaited for R {
    fn settings(&self) -> &Settings {
        &self.region().settings
    }
    fn get<'a>(&'a self, key: &'a [u8]) -> Later<'a, Option<Vec<u8>>> {
        Box::pin(self.region().bytes.get(key))
    }
    fn set<'a>(&'a self, key: &'a [u8], value: &'a [u8], ttl: Option<Duration>) -> Later<'a, ()> {
        Box::pin(self.region().bytes.set(key, value, ttl))
    }
    fn remove<'a>(&'a self, key: &'a [u8]) -> Later<'a, bool> {
        Box::pin(self.region().bytes.remove(key))
    }
    fn clear<'a>(&'a self, prefix: &'a [u8]) -> Later<'a, ()> {
        Box::pin(self.region().bytes.clear(prefix))
    }
}
