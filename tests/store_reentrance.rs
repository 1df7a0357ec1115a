//! What runs around a body with `single_flight` may ask for its key: it is computed then, and nobody waits for itself.

#[path = "support/meddling.rs"]
mod meddling;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    future::Future,
    pin::pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use meddling::Meddling;
use memo_runtime::{BoxError, Region, memoize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use watchdog::watched;

/// Polls in this thread, inside of what polls already.
fn nested<F: Future>(future: F) -> F::Output {
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

/// Where the next call is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    CacheIf,
    Ttl,
    Serialize,
    Deserialize,
    /// The check that the key can be stored.
    Key,
    Read,
    /// The leader's own look.
    Look,
    Write,
    Hook,
}
const PLACES: [Place; 9] = [
    Place::CacheIf,
    Place::Ttl,
    Place::Serialize,
    Place::Deserialize,
    Place::Key,
    Place::Read,
    Place::Look,
    Place::Write,
    Place::Hook,
];

type Call = fn(u64) -> Value;

thread_local! {
    static NEXT: Cell<Option<(Place, Call)>> = const { Cell::new(None) };
    static KEY: Cell<u64> = const { Cell::new(0) };
    static READS: Cell<u64> = const { Cell::new(0) };
}

fn at(place: Place) {
    if let Some((_, call)) = NEXT.get().filter(|(next, _)| *next == place) {
        NEXT.set(None);
        let key = KEY.get();
        assert_eq!(call(key), Value(key));
    }
}

#[derive(Debug, PartialEq)]
struct Value(u64);
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        at(Place::Serialize);
        serializer.serialize_u64(self.0)
    }
}
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        at(Place::Deserialize);
        u64::deserialize(deserializer).map(Self)
    }
}

#[derive(PartialEq, Eq, Hash, Serialize)]
struct Key(u64);
impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        at(Place::Key);
        u64::deserialize(deserializer).map(Self)
    }
}

fn read(_: usize) {
    READS.set(READS.get() + 1);
    at(if READS.get() == 1 { Place::Read } else { Place::Look });
}
fn written() -> Result<(), BoxError> {
    at(Place::Write);
    if NEXT.get().is_some() { Err("full".into()) } else { Ok(()) }
}
fn region(name: &str) -> Region<Meddling> {
    Region::new(name, Meddling::default().after_read(read).before_write(written))
        .on_error(|_| at(Place::Hook))
        .retry_after(Duration::ZERO)
}
static REGION: LazyLock<Region<Meddling>> = LazyLock::new(|| region("around"));
static LATER: LazyLock<Region<Meddling>> = LazyLock::new(|| region("around later"));

fn is_good(_: &Value) -> bool {
    at(Place::CacheIf);
    true
}
fn hour(_: &Value) -> Duration {
    at(Place::Ttl);
    Duration::from_secs(3600)
}

#[memoize(store = &REGION, ttl = hour, cache_if = is_good, single_flight)]
fn flight(key: Key) -> Value {
    Value(key.0)
}
#[memoize(store = &LATER, ttl = hour, cache_if = is_good, single_flight)]
async fn later(key: Key) -> Value {
    Value(key.0)
}

#[test]
fn around_a_body_computes() {
    watched("around_a_body_computes", || {
        let calls: [Call; 2] = [|n| flight(Key(n)), |n| nested(later(Key(n)))];
        for call in calls {
            for (key, place) in PLACES.into_iter().enumerate() {
                let key = key as u64;
                KEY.set(key);
                READS.set(0);
                NEXT.set(Some((place, call)));
                assert_eq!(call(key), Value(key), "{place:?}");
                assert_eq!(NEXT.get().map(|(place, _)| place), None, "{place:?} was reached");
                assert_eq!(call(key), Value(key), "{place:?}");
            }
        }
    });
}

/// The expression of a store calls what it is for: a panic that says so, not a thread that waits for itself.
mod an_expression_that_asks_for_the_function {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    static FIRST: AtomicUsize = AtomicUsize::new(0);

    fn warmed() -> &'static LazyLock<Region<Meddling>> {
        if FIRST.fetch_add(1, SeqCst) == 0 {
            square(1);
        }
        &REGION
    }
    #[memoize(store = warmed(), unbounded)]
    fn square(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn is_told_so() {
        watched("an_expression_that_asks_for_the_function::is_told_so", || {
            let panic = std::panic::catch_unwind(|| square(2)).unwrap_err();
            let said = panic.downcast_ref::<String>().expect("a text");
            assert!(said.contains("`square` needs the cache of `square`"), "{said}");
            assert_eq!(square(2), 4);
        });
    }
}
