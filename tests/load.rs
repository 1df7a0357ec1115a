//! More threads than cores over every store and option: values are right, bounds hold, counts are exact, and each value is dropped
//! exactly once. `.ci/run` also runs this under the thread sanitizer.

#![allow(clippy::semicolon_if_nothing_returned, clippy::too_many_lines, reason = "rows of a table")]

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    convert,
    pin::pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicIsize, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use memo_runtime::{CacheInfo, MemoryStore, Region, memoize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use watchdog::watched;

/// Values that are alive. One dropped twice would make it negative in the end.
static LIVE: AtomicIsize = AtomicIsize::new(0);
/// Bodies that ran since a storm began.
static BODIES: AtomicUsize = AtomicUsize::new(0);

const CALLS: u64 = 600;
const KEYS: u64 = 24;

struct Value(Box<u64>);
impl Value {
    fn new(n: u64) -> Self {
        LIVE.fetch_add(1, SeqCst);
        Self(Box::new(n))
    }
}
impl Clone for Value {
    fn clone(&self) -> Self {
        Self::new(*self.0)
    }
}
impl Drop for Value {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, SeqCst);
    }
}
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::new)
    }
}

/// Outside of the process, as far as calls can see.
static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("load", MemoryStore::new()));

fn compute(n: u64) -> Value {
    BODIES.fetch_add(1, SeqCst);
    if n % 5 == 0 {
        thread::yield_now();
    }
    Value::new(n * 7)
}

#[memoize]
struct All {}

/// Each store, of an instance and of a type, with and without `single_flight`.
#[memoize]
impl All {
    #[memoize(stats, unbounded)]
    fn map(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, unbounded)]
    fn type_map(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, unbounded, single_flight)]
    fn map_flight(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, unbounded, single_flight)]
    fn type_map_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 6)]
    fn lru(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 6)]
    fn type_lru(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 6, single_flight)]
    fn lru_flight(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 6, single_flight)]
    fn type_lru_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 1)]
    fn narrow(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 1)]
    fn type_narrow(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 1, single_flight)]
    fn narrow_flight(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 1, single_flight)]
    fn type_narrow_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 6, policy = "sieve")]
    fn sieve(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 6, policy = "sieve")]
    fn type_sieve(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, capacity = 6, policy = "sieve", single_flight)]
    fn sieve_flight(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(scope = "type", stats, capacity = 6, policy = "sieve", single_flight)]
    fn type_sieve_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, returns = "ref")]
    fn kept(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, returns = "ref", single_flight)]
    fn kept_flight(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats)]
    fn once(&self) -> Value {
        compute(1)
    }
    #[memoize(stats, single_flight)]
    fn once_flight(&self) -> Value {
        compute(1)
    }
    #[memoize(stats, returns = "ref", single_flight)]
    fn kept_once_flight(&self) -> Value {
        compute(1)
    }
    #[memoize(stats, single_flight, capacity = 6)]
    async fn task(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, engine = quick_cache::sync::Cache::new(6))]
    fn in_engine(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, engine = quick_cache::sync::Cache::new(6), ttl = "1h", single_flight)]
    fn in_engine_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, store = &REGION, unbounded)]
    fn stored(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, store = &REGION, ttl = "1h", single_flight)]
    fn stored_flight(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, store = &REGION, unbounded, single_flight)]
    async fn stored_task(n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, single_flight, cache_if = |value| *value.0 % 2 == 0)]
    fn some(&self, n: u64) -> Value {
        compute(n)
    }
    #[memoize(stats, single_flight, capacity = 6)]
    fn fallible(&self, n: u64) -> Result<Value, u64> {
        if n % 3 == 0 {
            BODIES.fetch_add(1, SeqCst);
            return Err(n * 7);
        }
        Ok(compute(n))
    }
}

/// A clearing, an insertion or a removal.
macro_rules! forget {
    ($cache:expr, $round:expr) => {{
        let (cache, round) = ($cache, $round);
        match round % 3 {
            0 => cache.clear(),
            1 => cache.insert((round % KEYS,), Value::new(round % KEYS * 7)),
            _ => _ = cache.remove((round % KEYS,)),
        };
    }};
}

/// The same of a cache in a store, which may fail.
macro_rules! forget_stored {
    ($wait:path, $cache:expr, $round:expr) => {{
        let (cache, round) = ($cache, $round);
        let done = match round % 3 {
            0 => $wait(cache.clear()),
            1 => $wait(cache.insert((round % KEYS,), Value::new(round % KEYS * 7))),
            _ => $wait(cache.remove((round % KEYS,))).map(drop),
        };
        done.expect("memory does not fail");
    }};
}

fn threads() -> u64 {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    (cores * 4).min(16) as u64
}

/// Every thread calls for keys in an order of its own.
fn storm(name: &str, call: impl Fn(u64) -> u64 + Sync, info: impl Fn() -> CacheInfo + Sync) {
    watched(name, || {
        BODIES.store(0, SeqCst);
        thread::scope(|scope| {
            for thread in 0..threads() {
                let (call, info) = (&call, &info);
                scope.spawn(move || {
                    let mut state = thread + 1;
                    for round in 0..CALLS {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        let n = (state >> 33) % KEYS;
                        assert_eq!(call(n), n * 7, "{name}");
                        if round % 16 == 0 {
                            let info = info();
                            assert!(
                                info.len <= info.capacity.or(Some(usize::MAX)),
                                "{name}: {info}"
                            );
                        }
                    }
                });
            }
        });
        let info = info();
        let calls = info.hits.zip(info.misses).map(|(hits, misses)| hits + misses);
        assert_eq!(calls, Some(CALLS * threads()), "{name}: {info}");
        assert_eq!(info.misses, Some(BODIES.load(SeqCst) as u64), "{name}: {info}");
    });
}

/// Calls, removals, insertions and clearings at once: only the values can be checked.
fn mix(name: &str, call: impl Fn(u64) -> u64 + Sync, forget: impl Fn(u64) + Sync) {
    watched(name, || {
        thread::scope(|scope| {
            for thread in 0..threads() {
                let (call, forget) = (&call, &forget);
                scope.spawn(move || {
                    for round in 0..CALLS {
                        let n = (round * (thread + 1)) % KEYS;
                        assert_eq!(call(n), n * 7, "{name}");
                        if round % 7 == thread % 7 {
                            forget(round);
                        }
                    }
                });
            }
        });
    });
}

type Storm<'a> = (&'a str, &'a (dyn Fn(u64) -> u64 + Sync), &'a (dyn Fn() -> CacheInfo + Sync));
type Mix<'a> = (&'a str, &'a (dyn Fn(u64) -> u64 + Sync), &'a (dyn Fn(u64) + Sync));

/// One test, because it counts the values of all stores together.
#[test]
fn every_store_under_load() {
    let all = All { memo: Default::default() };
    let storms: &[Storm<'_>] = &[
        ("map", &|n| *all.map(n).0, &|| all.map_cache().info()),
        ("type_map", &|n| *All::type_map(n).0, &|| All::type_map_cache().info()),
        ("map_flight", &|n| *all.map_flight(n).0, &|| all.map_flight_cache().info()),
        ("type_map_flight", &|n| *All::type_map_flight(n).0, &|| {
            All::type_map_flight_cache().info()
        }),
        ("lru", &|n| *all.lru(n).0, &|| all.lru_cache().info()),
        ("type_lru", &|n| *All::type_lru(n).0, &|| All::type_lru_cache().info()),
        ("lru_flight", &|n| *all.lru_flight(n).0, &|| all.lru_flight_cache().info()),
        ("type_lru_flight", &|n| *All::type_lru_flight(n).0, &|| {
            All::type_lru_flight_cache().info()
        }),
        ("narrow", &|n| *all.narrow(n).0, &|| all.narrow_cache().info()),
        ("type_narrow", &|n| *All::type_narrow(n).0, &|| All::type_narrow_cache().info()),
        ("narrow_flight", &|n| *all.narrow_flight(n).0, &|| all.narrow_flight_cache().info()),
        ("type_narrow_flight", &|n| *All::type_narrow_flight(n).0, &|| {
            All::type_narrow_flight_cache().info()
        }),
        ("sieve", &|n| *all.sieve(n).0, &|| all.sieve_cache().info()),
        ("type_sieve", &|n| *All::type_sieve(n).0, &|| All::type_sieve_cache().info()),
        ("sieve_flight", &|n| *all.sieve_flight(n).0, &|| all.sieve_flight_cache().info()),
        ("type_sieve_flight", &|n| *All::type_sieve_flight(n).0, &|| {
            All::type_sieve_flight_cache().info()
        }),
        ("kept", &|n| *all.kept(n).0, &|| all.kept_cache().info()),
        ("kept_flight", &|n| *all.kept_flight(n).0, &|| all.kept_flight_cache().info()),
        ("once", &|n| *all.once().0 * n, &|| all.once_cache().info()),
        ("once_flight", &|n| *all.once_flight().0 * n, &|| all.once_flight_cache().info()),
        ("kept_once_flight", &|n| *all.kept_once_flight().0 * n, &|| {
            all.kept_once_flight_cache().info()
        }),
        ("task", &|n| *block_on(all.task(n)).0, &|| all.task_cache().info()),
        ("in_engine", &|n| *All::in_engine(n).0, &|| All::in_engine_cache().info()),
        ("in_engine_flight", &|n| *All::in_engine_flight(n).0, &|| {
            All::in_engine_flight_cache().info()
        }),
        ("stored", &|n| *All::stored(n).0, &|| All::stored_cache().info()),
        ("stored_flight", &|n| *All::stored_flight(n).0, &|| All::stored_flight_cache().info()),
        ("stored_task", &|n| *block_on(All::stored_task(n)).0, &|| All::stored_task_cache().info()),
        ("some", &|n| *all.some(n).0, &|| all.some_cache().info()),
        ("fallible", &|n| all.fallible(n).map_or_else(|error| error, |value| *value.0), &|| {
            all.fallible_cache().info()
        }),
    ];
    for (name, call, info) in storms {
        storm(name, call, info);
    }

    let mixes: &[Mix<'_>] = &[
        ("map", &|n| *all.map(n).0, &|round| forget!(all.map_cache(), round)),
        ("type_map", &|n| *All::type_map(n).0, &|round| forget!(All::type_map_cache(), round)),
        ("map_flight", &|n| *all.map_flight(n).0, &|round| forget!(all.map_flight_cache(), round)),
        ("type_map_flight", &|n| *All::type_map_flight(n).0, &|round| {
            forget!(All::type_map_flight_cache(), round)
        }),
        ("lru", &|n| *all.lru(n).0, &|round| forget!(all.lru_cache(), round)),
        ("type_lru", &|n| *All::type_lru(n).0, &|round| forget!(All::type_lru_cache(), round)),
        ("lru_flight", &|n| *all.lru_flight(n).0, &|round| forget!(all.lru_flight_cache(), round)),
        ("type_lru_flight", &|n| *All::type_lru_flight(n).0, &|round| {
            forget!(All::type_lru_flight_cache(), round)
        }),
        ("narrow", &|n| *all.narrow(n).0, &|round| forget!(all.narrow_cache(), round)),
        ("type_narrow", &|n| *All::type_narrow(n).0, &|round| {
            forget!(All::type_narrow_cache(), round)
        }),
        ("narrow_flight", &|n| *all.narrow_flight(n).0, &|round| {
            forget!(all.narrow_flight_cache(), round)
        }),
        ("type_narrow_flight", &|n| *All::type_narrow_flight(n).0, &|round| {
            forget!(All::type_narrow_flight_cache(), round)
        }),
        ("sieve", &|n| *all.sieve(n).0, &|round| forget!(all.sieve_cache(), round)),
        ("type_sieve", &|n| *All::type_sieve(n).0, &|round| {
            forget!(All::type_sieve_cache(), round)
        }),
        ("sieve_flight", &|n| *all.sieve_flight(n).0, &|round| {
            forget!(all.sieve_flight_cache(), round)
        }),
        ("type_sieve_flight", &|n| *All::type_sieve_flight(n).0, &|round| {
            forget!(All::type_sieve_flight_cache(), round)
        }),
        ("in_engine", &|n| *All::in_engine(n).0, &|round| forget!(All::in_engine_cache(), round)),
        ("in_engine_flight", &|n| *All::in_engine_flight(n).0, &|round| {
            forget!(All::in_engine_flight_cache(), round)
        }),
        ("stored", &|n| *All::stored(n).0, &|round| {
            forget_stored!(convert::identity, All::stored_cache(), round)
        }),
        ("stored_flight", &|n| *All::stored_flight(n).0, &|round| {
            forget_stored!(convert::identity, All::stored_flight_cache(), round)
        }),
        ("stored_task", &|n| *block_on(All::stored_task(n)).0, &|round| {
            forget_stored!(block_on, All::stored_task_cache(), round)
        }),
    ];
    for (name, call, forget) in mixes {
        mix(name, call, forget);
    }

    // Nothing that a type keeps is left either, and what an instance has goes with it.
    clear_types();
    drop(all);
    assert_eq!(LIVE.load(SeqCst), 0);
}

fn clear_types() {
    All::type_map_cache().clear();
    All::type_map_flight_cache().clear();
    All::type_lru_cache().clear();
    All::type_lru_flight_cache().clear();
    All::type_narrow_cache().clear();
    All::type_narrow_flight_cache().clear();
    All::type_sieve_cache().clear();
    All::type_sieve_flight_cache().clear();
    All::in_engine_cache().clear();
    All::in_engine_flight_cache().clear();
}

fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => thread::park(),
        }
    }
}
