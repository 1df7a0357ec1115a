//! `ttl`: how long a result is good, in every store, scope and form. The clock is the mock clock; tests take turns with it.

#![allow(
    clippy::unchecked_time_subtraction,
    reason = "a nanosecond less than a time that is written beside it"
)]

use memo_runtime::{CacheInfo, clock::advance, memoize};
use std::{
    cell::{Cell, RefCell},
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    rc::Rc,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

/// The clock is the process's: one test at a time moves it.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

const SECOND: Duration = Duration::from_secs(1);
const NANO: Duration = Duration::from_nanos(1);

/// Runs a future that waits for nothing.
fn block_on<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("it waits for nothing"),
    }
}

thread_local! {
    static RUNS: Cell<u64> = const { Cell::new(0) };
    static CLONES: Cell<u64> = const { Cell::new(0) };
    static ALIVE: Cell<i64> = const { Cell::new(0) };
    static ON_DROP: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
}

/// A new number each time the body runs.
fn run() -> u64 {
    RUNS.set(RUNS.get() + 1);
    RUNS.get()
}

/// A value that counts its clones and how many of it are alive, and may call when it is dropped.
#[derive(Debug, PartialEq)]
struct Counted(u64);
impl Counted {
    fn new(n: u64) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(n)
    }
}
impl Clone for Counted {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        Self::new(self.0)
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        // A thread that is ending has no counter any more.
        let _ = ALIVE.try_with(|alive| alive.set(alive.get() - 1));
        let hook = ON_DROP.try_with(|hook| hook.borrow_mut().take()).ok().flatten();
        if let Some(hook) = hook {
            hook();
        }
    }
}

/// A result of a test's: copied in the store, or apart.
trait Value: Clone {
    fn of(n: u64) -> Self;
    fn n(&self) -> u64;
}
impl Value for u64 {
    fn of(n: u64) -> Self {
        n
    }
    fn n(&self) -> u64 {
        *self
    }
}
impl Value for Counted {
    fn of(n: u64) -> Self {
        Self::new(n)
    }
    fn n(&self) -> u64 {
        self.0
    }
}

/// A memoized method whose results are good for ten seconds, whatever its store.
trait Subject: Default {
    fn call(&self, key: u64) -> u64;
    fn peek(&self, key: u64) -> Option<u64>;
    fn contains(&self, key: u64) -> bool;
    fn insert(&self, key: u64, value: u64);
    fn remove(&self, key: u64) -> bool;
    fn clear(&self);
    fn info(&self) -> CacheInfo;
}

macro_rules! accessor {
    ($self:ident, $key:ident, $cache:expr, $args:expr, $value:ty) => {
        fn peek(&$self, $key: u64) -> Option<u64> {
            let _ = $key;
            $cache.peek($args).map(|value| value.n())
        }
        fn contains(&$self, $key: u64) -> bool {
            let _ = $key;
            $cache.contains($args)
        }
        fn insert(&$self, $key: u64, value: u64) {
            let _ = $key;
            $cache.insert($args, <$value>::of(value));
        }
        fn remove(&$self, $key: u64) -> bool {
            let _ = $key;
            $cache.remove($args)
        }
        fn clear(&$self) {
            $cache.clear();
        }
        fn info(&$self) -> CacheInfo {
            $cache.info()
        }
    };
}

/// In an instance and in a type, with all forms of `ttl`, with a body that is `async` or is not.
macro_rules! subjects {
    ($($module:ident: $value:ty, $key:ident ($($arg:ident)?), [$($option:tt)*] [$($of_type:tt)*];)*) => { $( mod $module {
        use super::*;

        #[memoize]
        #[derive(Default)]
        struct InInstance {}
        #[memoize]
        impl InInstance {
            #[memoize(ttl = "10s", $($option)*)]
            fn method(&self $(, $arg: u64)?) -> $value {
                $(let _ = $arg;)?
                <$value>::of(run())
            }
        }
        impl Subject for InInstance {
            fn call(&self, $key: u64) -> u64 {
                let _ = $key;
                self.method($($arg)?).n()
            }
            accessor!(self, $key, self.method_cache(), ($($arg,)?), $value);
        }

        #[memoize]
        struct InInstanceAsync {
            ttl: Duration,
        }
        #[memoize]
        impl Default for InInstanceAsync {
            fn default() -> Self {
                Self { ttl: 10 * SECOND }
            }
        }
        #[memoize]
        impl InInstanceAsync {
            #[memoize(ttl = self.ttl, $($option)*)]
            async fn method(&self $(, $arg: u64)?) -> $value {
                $(let _ = $arg;)?
                <$value>::of(run())
            }
        }
        impl Subject for InInstanceAsync {
            fn call(&self, $key: u64) -> u64 {
                let _ = $key;
                block_on(self.method($($arg)?)).n()
            }
            accessor!(self, $key, self.method_cache(), ($($arg,)?), $value);
        }

        struct InType<T>(T);
        impl<T: Default> Default for InType<T> {
            fn default() -> Self {
                Self(T::default())
            }
        }
        #[memoize]
        impl<T: 'static> InType<T> {
            #[memoize(scope = "type", ttl = |value| if value.n() == 0 { Duration::ZERO } else { 10 * SECOND }, $($of_type)* $($option)*)]
            fn method($($arg: u64)?) -> Result<$value, Rc<T>> {
                $(let _ = $arg;)?
                Ok(<$value>::of(run()))
            }
        }
        impl<T: Default + 'static> Subject for InType<T> {
            fn call(&self, $key: u64) -> u64 {
                let _ = $key;
                Self::method($($arg)?).map_or(0, |value| value.n())
            }
            accessor!(self, $key, Self::method_cache(), ($($arg,)?), $value);
        }

        const TEN: Duration = Duration::from_secs(10);
        #[memoize($($of_type)* $($option)* ttl = TEN)]
        async fn function($($arg: u64)?) -> $value {
            $(let _ = $arg;)?
            <$value>::of(run())
        }
        #[derive(Default)]
        struct Free;
        impl Subject for Free {
            fn call(&self, $key: u64) -> u64 {
                let _ = $key;
                block_on(function($($arg)?)).n()
            }
            accessor!(self, $key, function_cache(), ($($arg,)?), $value);
        }

        fn ten(_: &$value) -> Duration {
            TEN
        }
        #[memoize]
        #[derive(Default)]
        struct InTrait {}
        trait Method {
            fn method(&self $(, $arg: u64)?) -> $value;
        }
        #[memoize]
        impl Method for InTrait {
            #[memoize(ttl = ten, $($option)*)]
            fn method(&self $(, $arg: u64)?) -> $value {
                $(let _ = $arg;)?
                <$value>::of(run())
            }
        }
        impl Subject for InTrait {
            fn call(&self, $key: u64) -> u64 {
                let _ = $key;
                self.method($($arg)?).n()
            }
            accessor!(self, $key, self.method_cache(), ($($arg,)?), $value);
        }

        #[test]
        fn of_a_trait() {
            check::<InTrait>();
        }
        #[test]
        fn of_an_instance() {
            check::<InInstance>();
        }
        #[test]
        fn of_an_instance_async() {
            check::<InInstanceAsync>();
        }
        #[test]
        fn of_a_generic_type() {
            check::<InType<u8>>();
            check::<InType<u16>>();
        }
        #[test]
        fn of_a_free_function_async() {
            check::<Free>();
        }
    } )* };
}

subjects! {
    map: u64, key (key), [] [unbounded,];
    map_counted: Counted, key (key), [stats,] [unbounded,];
    lru: u64, key (key), [stats, capacity = 4,] [];
    lru_counted: Counted, key (key), [capacity = 4,] [];
    sieve: u64, key (key), [capacity = 4, policy = "sieve",] [];
    sieve_counted: Counted, key (key), [capacity = 4, policy = "sieve", stats,] [];
    once: u64, key (), [] [];
    once_counted: Counted, key (), [stats,] [];
    unsync_map: u64, key (key), [unsync, stats,] [unbounded,];
    unsync_map_counted: Counted, key (key), [unsync,] [unbounded,];
    unsync_lru: u64, key (key), [unsync, capacity = 4,] [];
    unsync_lru_counted: Counted, key (key), [unsync, stats, capacity = 4,] [];
    unsync_sieve: u64, key (key), [unsync, stats, capacity = 4, policy = "sieve",] [];
    unsync_sieve_counted: Counted, key (key), [unsync, capacity = 4, policy = "sieve",] [];
    unsync_once: u64, key (), [unsync, stats,] [];
    unsync_once_counted: Counted, key (), [unsync,] [];
}

/// What all of them do, in turn.
fn check<S: Subject>() {
    let _turn = alone();
    let alive = ALIVE.get();
    let subject = S::default();
    subject.clear();
    let empty = ALIVE.get();

    // Good until ten seconds after the body returned.
    let first = subject.call(1);
    assert_eq!(subject.call(1), first);
    advance(10 * SECOND - NANO);
    assert_eq!((subject.call(1), subject.peek(1), subject.contains(1)), (first, Some(first), true));
    let clones = CLONES.get();
    advance(NANO);
    assert_eq!((subject.peek(1), subject.contains(1)), (None, false));
    assert!(subject.info().len <= Some(1), "perhaps nobody has noticed");
    assert_eq!(CLONES.get(), clones, "what is over is not cloned");

    // The new result takes the old one's place.
    let second = subject.call(1);
    assert_eq!((second, subject.call(1), subject.peek(1)), (first + 1, second, Some(second)));
    assert_eq!(subject.info().len, Some(1));
    if let (Some(hits), Some(misses), Some(evictions)) =
        (subject.info().hits, subject.info().misses, subject.info().evictions)
    {
        assert_eq!((hits, misses, evictions), (3, 2, 0));
    }

    // Its age counts from its own computation; a hit does not change that.
    advance(6 * SECOND);
    assert_eq!(subject.call(1), second);
    advance(4 * SECOND);
    let third = subject.call(1);
    assert_eq!(third, second + 1);

    // What is inserted is good for as long.
    subject.insert(1, 77);
    advance(10 * SECOND - NANO);
    assert_eq!((subject.call(1), subject.peek(1)), (77, Some(77)));
    subject.insert(1, 78);
    advance(10 * SECOND - NANO);
    assert_eq!(subject.call(1), 78);
    advance(NANO);
    assert_eq!(subject.peek(1), None);
    subject.insert(1, 79);
    assert_eq!((subject.call(1), subject.info().len), (79, Some(1)));

    // What is over is not there to be removed.
    assert!(subject.remove(1));
    assert!(!subject.remove(1));
    subject.insert(1, 80);
    advance(10 * SECOND);
    assert!(!subject.remove(1));
    assert_eq!(subject.info().len, Some(0));

    subject.call(1);
    subject.clear();
    assert_eq!((subject.info().len, ALIVE.get()), (Some(0), empty));
    subject.call(1);
    subject.clear();
    drop(subject);
    assert!(ALIVE.get() <= alive, "each value was dropped");
}

thread_local! {
    static AGE: Cell<Duration> = const { Cell::new(Duration::from_secs(10)) };
}

#[memoize]
struct Feed {
    base: u64,
}

#[memoize]
impl Feed {
    fn new() -> Self {
        Self { base: 0 }
    }
    #[memoize(ttl = AGE.get(), stats)]
    fn own(&self, n: u64) -> u64 {
        let _ = (n, self.base);
        run()
    }
    #[memoize(ttl = |(_, seconds)| Duration::from_secs(*seconds))]
    fn told(&self, n: u64, seconds: u64) -> (u64, u64) {
        let _ = n;
        (run(), seconds)
    }
    #[memoize(ttl = "10s", cache_if = |n| n % 2 == 0, skip(log))]
    fn even(&self, n: u64, log: &dyn Fn(u64)) -> u64 {
        log(n);
        run();
        n + self.base
    }
    #[memoize(ttl = "10s", key(id: u64 = user.0))]
    fn keyed(&self, user: &(u64, String)) -> u64 {
        let _ = (user, self.base);
        run()
    }
    #[memoize(scope = "type", ttl = "10s", unbounded, reads(base: u64))]
    fn shared(&self, n: u64) -> u64 {
        self.base * 1000 + n
    }
    #[memoize(ttl = "1s500ms", skip(fails))]
    fn failing(&self, fails: &Cell<bool>) -> Result<u64, Rc<str>> {
        if fails.get() { Err("it failed".into()) } else { Ok(run()) }
    }
    fn set_base(&mut self, base: u64) {
        self.base = base;
    }
    /// Calls inside of one call, whose result is too old after the first two.
    #[memoize]
    fn sum(&self, n: u64) -> [u64; 3] {
        let (first, second) = (self.own(n), self.own(n));
        advance(10 * SECOND);
        [first, second, self.own(n)]
    }
    fn change(&mut self) -> [u64; 3] {
        self.base += 1;
        self.sum(1)
    }
}

#[test]
fn an_expression_is_evaluated_at_each_store() {
    let _turn = alone();
    let feed = Feed::new();
    let first = feed.own(1);
    AGE.set(SECOND);
    let second = feed.own(2);
    advance(SECOND);
    assert_eq!(feed.own(1), first, "what is stored keeps its deadline");
    assert_ne!(feed.own(2), second);
    AGE.set(Duration::ZERO);
    let third = feed.own(3);
    assert_ne!(feed.own(3), third, "zero keeps nothing");
    assert_eq!(feed.own_cache().len(), 2);
    feed.own_cache().insert((1,), 5);
    assert_eq!(
        feed.own_cache().peek((1,)),
        None,
        "neither does `insert`, nor does the old value stay"
    );
}

#[test]
fn a_closure_gives_each_value_its_own_time() {
    let _turn = alone();
    let feed = Feed::new();
    let [none, short, long] = [0, 5, 50].map(|seconds| feed.told(1, seconds));
    assert_ne!(feed.told(1, 0), none);
    assert_eq!([feed.told(1, 5), feed.told(1, 50)], [short, long]);
    advance(5 * SECOND);
    assert_ne!(feed.told(1, 5), short);
    assert_eq!(feed.told(1, 50), long);
    feed.told_cache().insert((2, 0), (7, 20));
    advance(20 * SECOND - NANO);
    assert_eq!(feed.told(2, 0), (7, 20));
    advance(NANO);
    assert_ne!(feed.told(2, 0), (7, 20));
}

#[test]
fn it_goes_with_other_options() {
    let _turn = alone();
    let mut feed = Feed::new();
    let logged = Cell::new(0);
    let log = |_| logged.set(logged.get() + 1);
    let calls = |feed: &Feed| {
        let before = logged.get();
        for n in [2, 3] {
            assert_eq!(feed.even(n, &log), n + feed.base);
        }
        logged.get() - before
    };
    assert_eq!([calls(&feed), calls(&feed)], [2, 1]);
    advance(10 * SECOND);
    assert_eq!([calls(&feed), calls(&feed)], [2, 1]);

    let user = |name: &str| (1, name.to_owned());
    let first = feed.keyed(&user("a"));
    assert_eq!(feed.keyed(&user("b")), first);
    advance(10 * SECOND);
    assert_ne!(feed.keyed(&user("b")), first);

    assert_eq!(feed.shared(4), 4);
    Feed::shared_cache().insert((0, 4), 5);
    assert_eq!(feed.shared(4), 5);
    advance(10 * SECOND);
    assert_eq!(feed.shared(4), 4);
    feed.set_base(2);
    assert_eq!(feed.shared(4), 2004);

    let fails = Cell::new(true);
    assert!(feed.failing(&fails).is_err());
    fails.set(false);
    let ok = feed.failing(&fails);
    fails.set(true);
    advance(Duration::from_millis(1500) - NANO);
    assert_eq!(feed.failing(&fails), ok);
    advance(NANO);
    assert!(feed.failing(&fails).is_err(), "an error is not an answer that is too old");
}

#[test]
fn within_a_mutating_method_too() {
    let _turn = alone();
    let mut feed = Feed::new();
    let old = feed.own(1);
    let [first, second, third] = feed.change();
    assert!(first > old && second == first && third > second, "{old} {first} {second} {third}");
}

#[memoize(ttl = LONG.get(), unbounded)]
fn endless(n: u64) -> u64 {
    let _ = n;
    run()
}
thread_local! {
    static LONG: Cell<Duration> = const { Cell::new(Duration::MAX) };
}

#[test]
fn what_is_too_long_never_ends() {
    let _turn = alone();
    for (n, long) in
        [Duration::MAX, Duration::from_nanos(u64::MAX), Duration::from_secs(u64::MAX / 2)]
            .into_iter()
            .enumerate()
    {
        LONG.set(long);
        let result = endless(n as u64);
        advance(Duration::from_secs(1 << 30));
        assert_eq!(endless(n as u64), result);
    }
}

#[memoize(capacity = 3, ttl = |value| Duration::from_secs(*value), stats)]
fn seconds(n: u64) -> u64 {
    n
}

#[test]
fn evictions_are_what_the_capacity_drives_out() {
    let _turn = alone();
    seconds_cache().clear();
    for n in [10, 20, 30] {
        seconds(n);
    }
    advance(10 * SECOND);
    // What is over makes room: nothing that is good has to go.
    seconds(40);
    let info = seconds_cache().info();
    assert_eq!((info.len, info.misses, info.evictions), (Some(3), Some(4), Some(0)));
    assert!([20, 30, 40].iter().all(|n| seconds_cache().contains((*n,))));
    seconds(50);
    let info = seconds_cache().info();
    assert_eq!((info.len, info.evictions), (Some(3), Some(1)));
    assert!([30, 40, 50].iter().all(|n| seconds_cache().contains((*n,))));
}

/// A stream of fresh keys, a hundred in a lifetime.
fn stream(keys: u64, call: impl Fn(u64), len: impl Fn() -> usize) -> usize {
    let mut longest = 0;
    for n in 0..keys {
        call(n);
        advance(SECOND / 10);
        longest = longest.max(len());
    }
    longest
}

#[memoize]
#[derive(Default)]
struct Streams {}
#[memoize]
impl Streams {
    #[memoize(ttl = "10s")]
    fn map(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s")]
    fn map_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", capacity = 100_000)]
    fn lru(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", capacity = 100_000)]
    fn lru_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", capacity = 100_000, policy = "sieve")]
    fn sieve(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", capacity = 100_000, policy = "sieve")]
    fn sieve_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
}
#[memoize]
#[derive(Default)]
struct LocalStreams {}
#[memoize]
impl LocalStreams {
    #[memoize(ttl = "10s", unsync)]
    fn map(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", unsync)]
    fn map_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", unsync, capacity = 100_000)]
    fn lru(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", unsync, capacity = 100_000)]
    fn lru_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", unsync, capacity = 100_000, policy = "sieve")]
    fn sieve(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", unsync, capacity = 100_000, policy = "sieve")]
    fn sieve_counted(&self, n: u64) -> Counted {
        Counted::new(n)
    }
}

#[test]
fn a_stream_of_fresh_keys_stays_bounded_by_those_of_about_a_lifetime() {
    let _turn = alone();
    macro_rules! streams {
        ($($subject:ident: $($method:ident $cache:ident)*;)*) => { $( {
            let subject = $subject::default();
            $(
                let longest = stream(5000, |n| _ = subject.$method(n), || subject.$cache().len());
                assert!((100..200).contains(&longest), "{}: {longest}", stringify!($subject::$method));
            )*
        } )* };
    }
    streams! {
        Streams: map map_cache map_counted map_counted_cache lru lru_cache lru_counted lru_counted_cache
            sieve sieve_cache sieve_counted sieve_counted_cache;
        LocalStreams: map map_cache map_counted map_counted_cache lru lru_cache
            lru_counted lru_counted_cache sieve sieve_cache sieve_counted sieve_counted_cache;
    }
    assert_eq!(ALIVE.get(), 0);
}

static LIVE: AtomicU64 = AtomicU64::new(0);
static MADE: AtomicU64 = AtomicU64::new(0);

/// A value that threads make and drop.
struct Shared(u64);
impl Shared {
    fn new(n: u64) -> Self {
        LIVE.fetch_add(1, SeqCst);
        Self(n)
    }
}
impl Clone for Shared {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}
impl Drop for Shared {
    fn drop(&mut self) {
        assert_ne!(LIVE.fetch_sub(1, SeqCst), 0, "dropped once");
    }
}

#[memoize(ttl = "10s", stats, unbounded)]
fn in_map(n: u64) -> Shared {
    let _ = n;
    Shared::new(MADE.fetch_add(1, SeqCst))
}
#[memoize(ttl = "10s", stats, capacity = 8)]
fn in_lru(n: u64) -> Shared {
    let _ = n;
    Shared::new(MADE.fetch_add(1, SeqCst))
}
#[memoize(ttl = "10s", stats, capacity = 8, policy = "sieve")]
fn in_sieve(n: u64) -> Shared {
    let _ = n;
    Shared::new(MADE.fetch_add(1, SeqCst))
}
#[memoize(ttl = "10s", stats)]
fn in_cell() -> Shared {
    Shared::new(MADE.fetch_add(1, SeqCst))
}
/// Copied in the slots.
#[memoize(ttl = "10s", stats, unbounded)]
fn in_slots(n: u64) -> u64 {
    let _ = n;
    MADE.fetch_add(1, SeqCst)
}

/// Rounds of threads that all find the same key too old: after each round all calls return one and the same new result.
fn hammer(call: impl Fn() -> u64 + Sync, info: impl Fn() -> CacheInfo, clear: impl Fn()) {
    const THREADS: usize = 4;
    const ROUNDS: u64 = 100;
    const CALLS: u64 = 50;
    let _turn = alone();
    clear();
    let live = LIVE.load(SeqCst);
    let mut last = None;
    for _ in 0..ROUNDS {
        let floor = MADE.load(SeqCst);
        thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| scope.spawn(|| (0..CALLS).map(|_| call()).collect::<Vec<_>>()))
                .collect();
            for thread in threads {
                let results = thread.join().expect("no call panics");
                assert!(results.iter().all(|result| *result >= floor), "nothing old is served");
                assert!(results.windows(2).all(|pair| pair[0] == pair[1]), "one result is kept");
                assert!(last.is_none_or(|last| last == results[0]), "and it is everybody's");
                last = Some(results[0]);
            }
        });
        assert_eq!(last, Some(call()));
        last = None;
        advance(10 * SECOND);
    }
    let CacheInfo { hits: Some(hits), misses: Some(misses), evictions, .. } = info() else {
        panic!("counts are kept")
    };
    assert_eq!(hits + misses, ROUNDS * (THREADS as u64 * CALLS + 1));
    assert!((ROUNDS..=ROUNDS * THREADS as u64).contains(&misses), "{misses}");
    assert_eq!(evictions, Some(0));
    clear();
    assert_eq!(LIVE.load(SeqCst), live, "each value was dropped once");
}

#[test]
fn threads_agree_on_the_new_result() {
    hammer(|| in_map(1).0, || in_map_cache().info(), || in_map_cache().clear());
    hammer(|| in_lru(1).0, || in_lru_cache().info(), || in_lru_cache().clear());
    hammer(|| in_sieve(1).0, || in_sieve_cache().info(), || in_sieve_cache().clear());
    hammer(|| in_cell().0, || in_cell_cache().info(), || in_cell_cache().clear());
    hammer(|| in_slots(1), || in_slots_cache().info(), || in_slots_cache().clear());
}

#[test]
fn threads_with_many_keys_while_time_goes_on() {
    let _turn = alone();
    let live = LIVE.load(SeqCst);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..4_u64 {
            let stop = &stop;
            scope.spawn(move || {
                for n in 0..20_000_u64 {
                    let key = (n * 7 + thread) % 50;
                    in_map(key);
                    in_lru(key);
                    in_sieve(key);
                    in_cell();
                    in_slots(key);
                    if n % 100 == thread {
                        in_map_cache().remove((key,));
                        in_sieve_cache().insert((key,), Shared::new(0));
                        assert!(in_sieve_cache().len() <= 8 && in_lru_cache().len() <= 8);
                    }
                }
                stop.store(true, SeqCst);
            });
        }
        while !stop.load(SeqCst) {
            advance(SECOND);
            thread::yield_now();
        }
    });
    in_map_cache().clear();
    in_lru_cache().clear();
    in_sieve_cache().clear();
    in_cell_cache().clear();
    in_slots_cache().clear();
    assert_eq!(LIVE.load(SeqCst), live);
}

#[memoize]
#[derive(Default)]
struct Hooked {}
#[memoize]
impl Hooked {
    #[memoize(ttl = "10s")]
    fn map(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", capacity = 4)]
    fn lru(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s", capacity = 4, policy = "sieve")]
    fn sieve(&self, n: u64) -> Counted {
        Counted::new(n)
    }
    #[memoize(ttl = "10s")]
    fn cell(&self) -> Counted {
        Counted::new(1)
    }
    fn call(&self, n: u64) -> [u64; 4] {
        [self.map(n).0, self.lru(n).0, self.sieve(n).0, self.cell().0]
    }
}

#[test]
fn the_drop_of_what_is_over_may_call_back() {
    let _turn = alone();
    let calls: [fn(&Hooked) -> u64; 8] = [
        |hooked| hooked.map(1).0,
        |hooked| hooked.lru(1).0,
        |hooked| hooked.sieve(1).0,
        |hooked| hooked.cell().0,
        // Another key takes out what is over.
        |hooked| hooked.map(2).0,
        |hooked| hooked.lru(2).0,
        |hooked| hooked.sieve(2).0,
        |hooked| {
            hooked.map_cache().insert((1,), Counted::new(1));
            1
        },
    ];
    for call in calls {
        let hooked = Rc::new(Hooked::default());
        hooked.call(1);
        advance(10 * SECOND);
        let (inside, done) = (Rc::clone(&hooked), Rc::new(Cell::new(false)));
        let is_done = Rc::clone(&done);
        // The first value that is dropped is the old one, or a clone of a new one.
        ON_DROP.set(Some(Rc::new(move || {
            assert_eq!(inside.call(1), [1; 4]);
            inside.map_cache().clear();
            inside.lru_cache().remove((1,));
            inside.sieve_cache().clear();
            inside.cell_cache().clear();
            is_done.set(true);
        })));
        call(&hooked);
        ON_DROP.set(None);
        assert!(done.get());
        assert_eq!(hooked.call(1), [1; 4]);
        drop(hooked);
        assert_eq!(ALIVE.get(), 0);
    }
}

thread_local! {
    static BEFORE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// Does once what a test wants, in the middle of a body or of what `ttl` says.
fn before() {
    if let Some(run) = BEFORE.take() {
        run();
    }
}

macro_rules! interrupted {
    ($($name:ident $cache:ident [$($option:tt)*];)*) => {
        $(
            #[memoize(ttl = |_| { before(); 10 * SECOND }, $($option)*)]
            fn $name(n: u64) -> Counted {
                let _ = n;
                Counted::new(run())
            }
        )*
        #[test]
        fn a_panic_in_what_ttl_says_stores_nothing_and_poisons_nothing() {
            let _turn = alone();
            $({
                for is_there in [false, true] {
                    $cache().clear();
                    if is_there {
                        $name(1);
                        advance(10 * SECOND);
                    }
                    BEFORE.set(Some(Box::new(|| panic!("on purpose"))));
                    assert!(catch_unwind(|| $name(1)).is_err());
                    assert_eq!($cache().peek((1,)), None);
                    BEFORE.set(Some(Box::new(|| panic!("on purpose"))));
                    let insert = AssertUnwindSafe(|| $cache().insert((1,), Counted::new(0)));
                    assert!(catch_unwind(insert).is_err());
                    assert_eq!($cache().peek((1,)), None);
                    let result = $name(1);
                    assert_eq!($name(1), result);
                }
                $cache().clear();
            })*
            assert_eq!(ALIVE.get(), 0);
        }
        #[test]
        fn what_is_forgotten_meanwhile_is_not_stored() {
            let _turn = alone();
            $({
                let forgets: [fn(); 2] = [|| $cache().clear(), || _ = $cache().remove((1,))];
                for forget in forgets {
                    for is_there in [false, true] {
                        $cache().clear();
                        if is_there {
                            $name(1);
                            advance(10 * SECOND);
                        }
                        BEFORE.set(Some(Box::new(forget)));
                        let result = $name(1);
                        assert_eq!($cache().peek((1,)), None);
                        assert_ne!($name(1), result);
                    }
                }
                // A call of its own stores the result first: that one is kept.
                $cache().clear();
                $name(1);
                advance(10 * SECOND);
                let first = Rc::new(Cell::new(0));
                let inside = Rc::clone(&first);
                BEFORE.set(Some(Box::new(move || inside.set($name(1).0))));
                assert_eq!($name(1).0, first.get());
                assert_eq!($name(1).0, first.get());
                $cache().clear();
            })*
            assert_eq!(ALIVE.get(), 0);
        }
        #[test]
        fn age_counts_from_when_the_body_returned() {
            let _turn = alone();
            $({
                $cache().clear();
                BEFORE.set(Some(Box::new(|| advance(3 * SECOND))));
                let result = $name(1);
                advance(7 * SECOND - NANO);
                assert_eq!($name(1), result);
                advance(NANO);
                assert_ne!($name(1), result);
                $cache().clear();
            })*
        }
    };
}
interrupted! {
    interrupted_map interrupted_map_cache [unbounded];
    interrupted_lru interrupted_lru_cache [capacity = 4];
    interrupted_sieve interrupted_sieve_cache [capacity = 4, policy = "sieve"];
    interrupted_local_map interrupted_local_map_cache [unbounded, unsync];
    interrupted_local_lru interrupted_local_lru_cache [capacity = 4, unsync];
}

#[test]
fn the_body_does_not_count_for_the_age() {
    #[memoize(ttl = "10s")]
    fn slow() -> u64 {
        advance(60 * SECOND);
        run()
    }
    let _turn = alone();
    let result = slow();
    advance(10 * SECOND - NANO);
    assert_eq!(slow(), result);
    advance(NANO);
    assert_ne!(slow(), result);
}

#[test]
fn a_future_that_is_dropped_leaves_nothing() {
    #[memoize(ttl = "10s")]
    async fn waits() -> u64 {
        std::future::poll_fn(|_| if AGE.get().is_zero() { Poll::Ready(()) } else { Poll::Pending })
            .await;
        run()
    }
    let _turn = alone();
    AGE.set(SECOND);
    {
        let future = pin!(waits());
        assert!(future.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert_eq!(waits_cache().len(), 0);
    AGE.set(Duration::ZERO);
    let result = block_on(waits());
    advance(10 * SECOND - NANO);
    assert_eq!(block_on(waits()), result);
    advance(NANO);
    assert_ne!(block_on(waits()), result);
}
