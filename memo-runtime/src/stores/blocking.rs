//! How does a function find its entries in a [`ByteStore`](super::ByteStore), and an accessor?

use std::sync::Arc;

use super::{
    ByteStore, StoreError,
    core::{Core, EntryKey, Lifetime, Ttl},
    error::ErrorKind::{Read, Write},
    identity::Identity,
    region::{AsRegion, Blocking, Settings},
    underway::Course,
    value::StoredValue,
    wall,
};
use crate::{
    call::{Call, SingleFlight},
    flight::{Boarded, Landed, Leader, deadlock},
    info::CacheInfo,
    key::{BodyPart, KeyPart, Lookup, WrittenArgument, WrittenArguments, WrittenKey},
    outcome::{Always, Outcome},
    store::is_holding,
    type_scope::Cache,
};

/// Where the entries of a function are, in a store that is waited for.
pub struct InStore<K: KeyPart, V> {
    core: Core<K, V>,
    region: Box<dyn Blocking>,
}

impl Identity {
    /// The entries of a function, which messages call `name`, in a region.
    pub fn store<K: KeyPart, V, R>(&self, name: &'static str, region: R) -> InStore<K, V>
    where
        V: StoredValue,
        R: AsRegion<Bytes: ByteStore>,
    {
        let core = Core::new::<R>(name, Blocking::settings(&region), self);
        InStore { core, region: Box::new(region) }
    }
}

impl<K: KeyPart, V> InStore<K, V> {
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
    fn read(&self, key: &EntryKey) -> Option<Vec<u8>> {
        let settings = self.settings();
        let pass = settings.reading.pass(settings.retry_after)?;
        self.core.noted(settings, pass, Read, self.region.get(key.key.as_bytes()))?
    }

    fn find<A: WrittenArgument<K>>(
        &self,
        key: &EntryKey,
        args: &A,
        ttl: Option<Ttl<V>>,
    ) -> Option<V> {
        self.open(&self.read(key)?, args, ttl)
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

    /// Stores the result of a computation; its bytes, if nothing speaks against handing them to those who wait.
    fn keep(
        &self,
        key: &EntryKey,
        value: &V,
        lifetime: Lifetime,
        course: &Course<'_>,
    ) -> Option<Vec<u8>> {
        let settings = self.settings();
        let envelope = match self.core.seal(settings, key, value, lifetime) {
            Ok(envelope) => envelope,
            Err(error) => {
                self.core.report(settings, &error);
                return None;
            }
        };
        let storing = course.store()?;
        if let Some(pass) = settings.writing.pass(settings.retry_after) {
            let stored = self.region.set(key.key.as_bytes(), &envelope, lifetime.ttl());
            // Who is told of an error may forget, and would wait for this.
            drop(storing);
            self.core.noted(settings, pass, Write, stored);
        }
        Some(envelope)
    }
}

impl<K: KeyPart, V> Cache for InStore<K, V> {
    fn info(&self) -> CacheInfo {
        self.core.info()
    }
    /// What other processes share is not one's own to forget in passing.
    fn forget_all(&self) -> bool {
        false
    }
}

/// The entries of a function that is memoized with `store = …`, as its accessor `<function>_cache()` shows them.
///
/// Calls of the function go on without a store that fails; the accessor says so.
///
/// ```
/// use memo_runtime::{MemoryStore, Region, memoize};
/// use std::sync::LazyLock;
///
/// static TEXTS: LazyLock<Region<MemoryStore>> =
///     LazyLock::new(|| Region::new("texts", MemoryStore::new()));
///
/// #[memoize(store = &TEXTS, unbounded)]
/// fn length(text: &str) -> usize {
///     text.len()
/// }
///
/// # fn main() -> Result<(), memo_runtime::StoreError> {
/// length("abc");
/// assert_eq!(length_cache().get(("abc",))?, Some(3));
/// length_cache().insert(("abc",), 4)?;
/// assert_eq!(length("abc"), 4);
/// assert!(length_cache().remove(("abc",))?);
/// length_cache().clear()?;
/// # Ok(())
/// # }
/// ```
pub struct StoreCache<K: KeyPart + 'static, V: 'static> {
    store: &'static InStore<K, V>,
    ttl: Option<Ttl<V>>,
}

impl<K: KeyPart, V> StoreCache<K, V> {
    #[doc(hidden)]
    pub const fn of(store: &'static InStore<K, V>) -> Self {
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
impl<K: WrittenKey, V> StoreCache<K, V> {
    /// The value for `args`, if it is there and still good. Computes and counts nothing.
    ///
    /// # Errors
    ///
    /// If that cannot be found out, or what is there is not what this function stores.
    pub fn get(&self, args: K::Arg<'_>) -> Result<Option<V>, StoreError> {
        let InStore { core, region } = self.store;
        let stored = args.into_stored();
        let key = core.key_of_stored(&stored)?;
        let bytes = region.get(key.key.as_bytes()).map_err(|source| core.error(Read, source))?;
        let Some(bytes) = bytes else { return Ok(None) };
        core.open::<K>(&bytes, self.ttl, |other| K::same(&stored, other))
    }

    /// Stores a value as if computed, in place of one that is there.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is stored, or it cannot be.
    pub fn insert(&self, args: K::Arg<'_>, value: V) -> Result<(), StoreError> {
        let start = wall::now();
        let InStore { core, region } = self.store;
        let stored = args.into_stored();
        let key = core.key_of_stored(&stored)?;
        core.check::<K>(&key, |read| K::same(&stored, read))?;
        let Some(lifetime) = Lifetime::of(start, self.ttl.map(|ttl| ttl(&value))) else {
            // What would take the entry's place is over at once.
            core.underway.forget(key.digest).wait();
            let removed = region.remove(key.key.as_bytes());
            return removed.map(drop).map_err(|source| core.error(Write, source));
        };
        let envelope = core.seal(region.settings(), &key, &value, lifetime)?;
        // What is computed meanwhile is not to take its place.
        let (pending, _writing) = core.underway.replace(key.digest);
        pending.wait();
        let stored = region.set(key.key.as_bytes(), &envelope, lifetime.ttl());
        stored.map_err(|source| core.error(Write, source))
    }

    /// Forgets one entry; says whether it was there. A computation of it that is under way in this process is not stored.
    ///
    /// # Errors
    ///
    /// If it is not certain that it is gone: other calls may find it still.
    pub fn remove(&self, args: K::Arg<'_>) -> Result<bool, StoreError> {
        let InStore { core, region } = self.store;
        let key = core.key_of_stored(&args.into_stored())?;
        core.underway.forget(key.digest).wait();
        region.remove(key.key.as_bytes()).map_err(|source| core.error(Write, source))
    }

    /// Forgets all entries of the function, those of its other versions too, and sets the counts of hits and misses to zero. Computations
    /// that are under way in this process are not stored.
    ///
    /// # Errors
    ///
    /// If it is not certain that all are gone.
    pub fn clear(&self) -> Result<(), StoreError> {
        let InStore { core, region } = self.store;
        core.underway.forget_all().wait();
        region.clear(core.prefix()).map_err(|source| core.error(Write, source))?;
        core.reset();
        Ok(())
    }
}

/// A call of a function whose entries are in a store.
pub fn stored<C>(cache: C) -> Call<C, Always> {
    Call::new(cache)
}

impl<K: KeyPart, V, O> Call<StoreCache<K, V>, O> {
    /// The result that is stored for `args`, or that of `body`.
    pub fn call_stored<A, R, B, Rest>(self, args: A, body: B) -> R
    where
        A: WrittenArguments<K> + BodyPart<K, Rest = Rest>,
        O: Outcome<R, Value = V>,
        B: FnOnce(Rest) -> R,
    {
        let (StoreCache { store, ttl }, outcome) = self.into_parts();
        let core = &store.core;
        let key = match core.key_of(&args) {
            Ok(key) => key,
            Err(error) => return without(store, &error, args, body),
        };
        let course = core.underway.begin(key.digest);
        if let Some(value) = store.find(&key, &args, ttl) {
            core.hit();
            return O::join(Ok(value));
        }
        core.miss();
        let result = body(args.into_rest());
        let start = wall::now();
        let kept = outcome.split(result);
        if let Ok(value) = &kept {
            if let Some(lifetime) = Lifetime::of(start, ttl.map(|ttl| ttl(value))) {
                store.keep(&key, value, lifetime, &course);
            }
        }
        O::join(kept)
    }
}

impl<K: KeyPart, V, O> SingleFlight<StoreCache<K, V>, O> {
    /// The result that is stored for `args`, or that of `body`, which runs once at a time in this process.
    pub fn call_stored<A, R, B, Rest>(self, args: A, body: B) -> R
    where
        A: WrittenArguments<K> + BodyPart<K, Rest = Rest>,
        O: Outcome<R, Value = V>,
        B: FnOnce(Rest) -> R,
    {
        let (name, call) = self.into_call();
        if is_holding() || !deadlock::is_known() {
            return call.call_stored(args, body);
        }
        let (StoreCache { store, ttl }, outcome) = call.into_parts();
        let core = &store.core;
        let key = match core.key_of(&args) {
            Ok(key) => key,
            Err(error) => return without(store, &error, args, body),
        };
        let answered = |value| {
            core.hit();
            O::join(Ok(value))
        };
        if let Some(value) = store.find(&key, &args, ttl) {
            return answered(value);
        }
        let (leader, course) = loop {
            let boarded = core.flights.board(name, key.hash(), key.encoded(), Vec::eq);
            let landed = match boarded {
                Boarded::Leads(leader) => {
                    let _around = leader.around();
                    // What is inserted while it looks is newer than what it computes.
                    let course = core.underway.begin(key.digest);
                    if let Some(value) = store.find(&key, &args, ttl) {
                        return answered(value);
                    }
                    break (Some(leader), course);
                }
                Boarded::Waits(waiter) => waiter.wait(),
            };
            let found = match landed {
                Landed::Value(bytes) => store.open(&bytes, &args, ttl),
                Landed::Nothing => store.find(&key, &args, ttl),
                Landed::Never => break (None, core.underway.begin(key.digest)),
            };
            if let Some(value) = found {
                return answered(value);
            }
        };
        core.miss();
        let result = {
            let _body = leader.as_ref().map(Leader::in_body);
            body(args.into_rest())
        };
        let start = wall::now();
        let around = leader.as_ref().map(Leader::around);
        let value = match outcome.split(result) {
            Ok(value) => value,
            rejected @ Err(_) => return O::join(rejected),
        };
        let is_awaited = leader.as_ref().is_some_and(Leader::close);
        let lifetime = Lifetime::of(start, ttl.map(|ttl| ttl(&value)));
        let envelope = lifetime.and_then(|lifetime| store.keep(&key, &value, lifetime, &course));
        drop(around);
        if let Some(leader) = leader {
            leader.end(envelope.filter(|_| is_awaited).map(Arc::new));
        }
        O::join(Ok(value))
    }
}

/// Computes without a store, which has no key for that.
fn without<K, V, A, R, B>(store: &InStore<K, V>, error: &StoreError, args: A, body: B) -> R
where
    K: KeyPart,
    A: WrittenArgument<K>,
    B: FnOnce(A::Rest) -> R,
{
    store.core.report(store.settings(), error);
    store.core.miss();
    body(args.into_rest())
}
