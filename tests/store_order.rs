//! What happens around a body whose result goes to a store: from when its age counts, and what may be called meanwhile.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    future::Future,
    pin::pin,
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use memo_runtime::{
    AsyncByteStore, BoxError, ByteStore, MemoryStore, Region, clock::advance, memoize,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use watchdog::watched;

/// Tests share the clock.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

/// A store in memory that does something else, too, when it is read or written.
#[derive(Default)]
struct Meddling {
    inner: MemoryStore,
    reads: AtomicUsize,
    on_read: Mutex<Option<fn(usize)>>,
    on_write: Mutex<Option<fn() -> Result<(), BoxError>>>,
}

impl Meddling {
    /// Calls this after each reading, with its number.
    fn after_read(self, meddle: fn(usize)) -> Self {
        Self { on_read: Mutex::new(Some(meddle)), ..self }
    }
    fn before_write(self, meddle: fn() -> Result<(), BoxError>) -> Self {
        Self { on_write: Mutex::new(Some(meddle)), ..self }
    }
}

impl ByteStore for Meddling {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let found = ByteStore::get(&self.inner, key);
        let meddle = *self.on_read.lock().expect("no panic under the lock");
        let number = self.reads.fetch_add(1, SeqCst);
        meddle.into_iter().for_each(|meddle| meddle(number));
        found
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        let meddle = *self.on_write.lock().expect("no panic under the lock");
        meddle.map_or(Ok(()), |meddle| meddle())?;
        ByteStore::set(&self.inner, key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}

impl AsyncByteStore for Meddling {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        ByteStore::get(self, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        ByteStore::set(self, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(self, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(self, prefix)
    }
}

mod age {
    use super::*;

    static REGION: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("age", MemoryStore::new()));

    thread_local! {
        /// What the predicate and the term take, each.
        static TAKES: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    fn is_good<T>(_: &T) -> bool {
        advance(TAKES.get());
        true
    }

    fn ten<T>(_: &T) -> Duration {
        advance(TAKES.get());
        Duration::from_secs(10)
    }

    #[memoize(store = &REGION, ttl = |n| ten(n), cache_if = is_good)]
    fn plain(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = |n| ten(n), cache_if = is_good, single_flight)]
    fn flight(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = |n| ten(n), cache_if = is_good)]
    async fn later(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = |n| ten(n), cache_if = is_good, single_flight)]
    async fn later_flight(n: u64) -> u64 {
        n
    }

    fn counts_from_the_end_of_the_body(call: impl Fn(u64), get: impl Fn(u64) -> Option<u64>) {
        TAKES.set(Duration::from_secs(3));
        call(1);
        // Three seconds of the predicate, three of the term: four are left.
        advance(Duration::from_millis(3999));
        assert_eq!(get(1), Some(1));
        advance(Duration::from_millis(1));
        assert_eq!(get(1), None);
        // What is too old before it can be stored is not served either.
        TAKES.set(Duration::from_secs(5));
        call(2);
        assert_eq!(get(2), None);
        TAKES.set(Duration::ZERO);
    }

    #[test]
    fn counts_from_the_end_of_the_body_whatever_comes_after() {
        let _turn = alone();
        counts_from_the_end_of_the_body(|n| _ = plain(n), |n| plain_cache().get((n,)).unwrap());
        counts_from_the_end_of_the_body(|n| _ = flight(n), |n| flight_cache().get((n,)).unwrap());
        counts_from_the_end_of_the_body(
            |n| _ = block_on(later(n)),
            |n| block_on(later_cache().get((n,))).unwrap(),
        );
        counts_from_the_end_of_the_body(
            |n| _ = block_on(later_flight(n)),
            |n| block_on(later_flight_cache().get((n,))).unwrap(),
        );
    }

    #[test]
    fn counts_from_the_call_of_insert() {
        let _turn = alone();
        TAKES.set(Duration::from_secs(3));
        plain_cache().insert((3,), 3).unwrap();
        block_on(later_cache().insert((3,), 3)).unwrap();
        TAKES.set(Duration::ZERO);
        // The term was asked twice; the first entry is four seconds from its end.
        advance(Duration::from_millis(3999));
        assert_eq!(plain_cache().get((3,)).unwrap(), Some(3));
        advance(Duration::from_millis(1));
        assert_eq!(plain_cache().get((3,)).unwrap(), None);
        advance(Duration::from_millis(2999));
        assert_eq!(block_on(later_cache().get((3,))).unwrap(), Some(3));
        advance(Duration::from_millis(1));
        assert_eq!(block_on(later_cache().get((3,))).unwrap(), None);
    }
}

/// The hook is called with no lock held, and may forget.
mod hooks {
    use super::*;

    fn fails() -> Result<(), BoxError> {
        Err("full".into())
    }

    static FORGOT: AtomicUsize = AtomicUsize::new(0);

    static REGION: LazyLock<Region<Meddling>> = LazyLock::new(|| {
        Region::new("hooks", Meddling::default().before_write(fails)).on_error(|_| {
            plain_cache().remove((1,)).unwrap();
            plain_cache().clear().unwrap();
            flight_cache().clear().unwrap();
            FORGOT.fetch_add(1, SeqCst);
        })
    });
    static LATER: LazyLock<Region<Meddling>> = LazyLock::new(|| {
        Region::new("hooks later", Meddling::default().before_write(fails)).on_error(|_| {
            // Another thread, as a runtime is not to be entered twice.
            let forgets = thread::spawn(|| block_on(later_cache().clear()));
            forgets.join().unwrap().unwrap();
            FORGOT.fetch_add(1, SeqCst);
        })
    });

    #[memoize(store = &REGION, unbounded)]
    fn plain(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    fn flight(n: u64) -> u64 {
        n
    }
    #[memoize(store = &LATER, unbounded)]
    async fn later(n: u64) -> u64 {
        n
    }

    #[test]
    fn may_forget_what_could_not_be_stored() {
        watched("may_forget_what_could_not_be_stored", || {
            let _turn = alone();
            assert_eq!(plain(1), 1);
            advance(Duration::from_secs(1));
            assert_eq!(flight(1), 1);
            assert_eq!(block_on(later(1)), 1);
            assert_eq!(FORGOT.load(SeqCst), 3);
        });
    }
}

/// What the accessor inserts while a leader looks into the store is not replaced by what that computes.
mod insertions {
    use super::*;

    fn insert(number: usize) {
        // The leader's second look.
        if number == 1 {
            thread::spawn(|| flight_cache().insert((1,), 7)).join().unwrap().unwrap();
        }
    }
    fn insert_later(number: usize) {
        if number == 1 {
            thread::spawn(|| block_on(later_cache().insert((1,), 7))).join().unwrap().unwrap();
        }
    }

    static REGION: LazyLock<Region<Meddling>> =
        LazyLock::new(|| Region::new("insertions", Meddling::default().after_read(insert)));
    static LATER: LazyLock<Region<Meddling>> =
        LazyLock::new(|| Region::new("insertions", Meddling::default().after_read(insert_later)));

    #[memoize(store = &REGION, unbounded, single_flight)]
    fn flight(n: u64) -> u64 {
        n
    }
    #[memoize(store = &LATER, unbounded, single_flight)]
    async fn later(n: u64) -> u64 {
        n
    }

    #[test]
    fn stay() {
        assert_eq!(flight(1), 1);
        assert_eq!(flight(1), 7);
        assert_eq!(block_on(later(1)), 1);
        assert_eq!(block_on(later(1)), 7);
    }
}

/// A store may be anybody's code: a panic in it is the caller's, and the end of nothing else.
mod panics {
    use super::*;

    static PANICS: AtomicBool = AtomicBool::new(false);

    fn reads(_: usize) {
        assert!(!PANICS.load(SeqCst), "on purpose");
    }
    fn writes() -> Result<(), BoxError> {
        reads(0);
        Ok(())
    }

    static READS: LazyLock<Region<Meddling>> =
        LazyLock::new(|| Region::new("reads", Meddling::default().after_read(reads)));
    static WRITES: LazyLock<Region<Meddling>> =
        LazyLock::new(|| Region::new("writes", Meddling::default().before_write(writes)));

    #[memoize(store = &READS, unbounded, single_flight)]
    fn read(n: u64) -> u64 {
        n
    }
    #[memoize(store = &WRITES, unbounded, single_flight)]
    fn written(n: u64) -> u64 {
        n
    }

    #[test]
    fn of_a_store_poison_nothing() {
        watched("of_a_store_poison_nothing", || {
            PANICS.store(true, SeqCst);
            assert!(std::panic::catch_unwind(|| read(1)).is_err());
            assert!(std::panic::catch_unwind(|| written(1)).is_err());
            PANICS.store(false, SeqCst);
            // Nobody waits for what will never be stored.
            written_cache().clear().unwrap();
            for _ in 0..2 {
                assert_eq!((read(1), written(1)), (1, 1));
            }
            assert_eq!(read_cache().get((1,)).unwrap(), Some(1));
            assert_eq!(written_cache().get((1,)).unwrap(), Some(1));
        });
    }
}

/// What runs around a body with `single_flight` may ask for its key: it is computed then, and nobody waits for itself.
mod reentrance {
    use super::*;

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
        Read,
        /// The leader's own look.
        Look,
        Write,
        Hook,
    }
    const PLACES: [Place; 8] = [
        Place::CacheIf,
        Place::Ttl,
        Place::Serialize,
        Place::Deserialize,
        Place::Read,
        Place::Look,
        Place::Write,
        Place::Hook,
    ];

    thread_local! {
        static NEXT: Cell<Option<(Place, fn(u64) -> Value)>> = const { Cell::new(None) };
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
    fn flight(n: u64) -> Value {
        Value(n)
    }
    #[memoize(store = &LATER, ttl = hour, cache_if = is_good, single_flight)]
    async fn later(n: u64) -> Value {
        Value(n)
    }

    #[test]
    fn around_a_body_computes() {
        watched("around_a_body_computes", || {
            let _turn = alone();
            let calls: [fn(u64) -> Value; 2] = [flight, |n| nested(later(n))];
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
}
