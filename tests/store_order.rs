//! What happens around a body whose result goes to a store: from when its age counts, and what may be called meanwhile.

#[path = "support/meddling.rs"]
mod meddling;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    future::Future,
    sync::{
        LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use meddling::Meddling;
use memo_runtime::{BoxError, MemoryStore, Region, clock::advance, memoize};
use watchdog::watched;

/// Tests share the clock.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
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

    #[memoize(store = &REGION, ttl = ten, cache_if = is_good)]
    fn plain(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = ten, cache_if = is_good, single_flight)]
    fn flight(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = ten, cache_if = is_good)]
    async fn later(n: u64) -> u64 {
        n
    }
    #[memoize(store = &REGION, ttl = ten, cache_if = is_good, single_flight)]
    async fn later_flight(n: u64) -> u64 {
        n
    }

    fn counts_from_the_end_of_the_body(call: impl Fn(u64), get: impl Fn(u64) -> Option<u64>) {
        TAKES.set(Duration::from_secs(3));
        call(1);
        TAKES.set(Duration::ZERO);
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
    #[allow(clippy::unnecessary_wraps, reason = "what the store calls")]
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

/// A future stays `Send` where the body's is, also if its result is not `Sync`.
mod send {
    use super::*;

    static REGION: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("send", MemoryStore::new()));

    #[memoize(store = &REGION, unbounded)]
    async fn plain(n: u64) -> Cell<u64> {
        Cell::new(n)
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    async fn flight(n: u64) -> Cell<u64> {
        Cell::new(n)
    }

    #[test]
    fn results_need_not_be_sync() {
        let call = async { (plain(1).await, flight(1).await, plain(1).await, flight(1).await) };
        let results = thread::spawn(|| block_on(call)).join().expect("it does not panic");
        assert_eq!(results, (Cell::new(1), Cell::new(1), Cell::new(1), Cell::new(1)));
    }
}

/// A store that does not come back holds up the call that asked it, and no other.
mod hangs {
    use super::*;

    static IS_STUCK: AtomicBool = AtomicBool::new(false);
    static IS_FREE: AtomicBool = AtomicBool::new(false);

    fn hang(number: usize) {
        if number == 0 {
            IS_STUCK.store(true, SeqCst);
            while !IS_FREE.load(SeqCst) {
                thread::yield_now();
            }
        }
    }

    static REGION: LazyLock<Region<Meddling>> =
        LazyLock::new(|| Region::new("hangs", Meddling::default().after_read(hang)));

    #[memoize(store = &REGION, unbounded, single_flight)]
    fn double(n: u64) -> u64 {
        n * 2
    }

    #[test]
    fn for_one_call_only() {
        watched("for_one_call_only", || {
            let stuck = thread::spawn(|| double(1));
            while !IS_STUCK.load(SeqCst) {
                thread::yield_now();
            }
            for _ in 0..2 {
                assert_eq!((double(1), double(2)), (2, 4));
            }
            double_cache().remove((1,)).unwrap();
            double_cache().clear().unwrap();
            IS_FREE.store(true, SeqCst);
            assert_eq!(stuck.join().unwrap(), 2);
        });
    }
}
