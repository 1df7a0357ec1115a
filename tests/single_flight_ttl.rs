//! `single_flight` with `ttl`: an expired hot key is computed once, and nobody is handed what is too old. The clock is the mock
//! clock; tests take turns with it.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    sync::{
        Barrier, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use memo_runtime::{clock::advance, memoize};
use watchdog::watched;

const THREADS: usize = 10;
const ROUNDS: usize = 200;
const SECOND: Duration = Duration::from_secs(1);

/// The clock is the process's: one test at a time moves it.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a body does: it counts itself, and gives the others time to come. Its result is its number.
fn body(bodies: &AtomicUsize) -> usize {
    for _ in 0..5 {
        thread::yield_now();
    }
    bodies.fetch_add(1, SeqCst) + 1
}

#[memoize]
struct Service {
    offset: usize,
}

#[memoize]
impl Service {
    #[memoize(single_flight, ttl = "10s", skip(bodies))]
    fn map(&self, n: u8, bodies: &AtomicUsize) -> usize {
        body(bodies) + self.offset * usize::from(n)
    }
    #[memoize(single_flight, ttl = "10s", stats, skip(bodies))]
    fn text(&self, n: &str, bodies: &AtomicUsize) -> String {
        format!("{n}{}", body(bodies) + self.offset)
    }
    #[memoize(single_flight, ttl = "10s", capacity = 2, skip(bodies))]
    fn lru(&self, n: u8, bodies: &AtomicUsize) -> usize {
        body(bodies) + self.offset * usize::from(n)
    }
    #[memoize(single_flight, ttl = "10s", capacity = 2, policy = "sieve", skip(bodies))]
    fn sieve(&self, n: u8, bodies: &AtomicUsize) -> usize {
        body(bodies) + self.offset * usize::from(n)
    }
    #[memoize(single_flight, ttl = "10s", skip(bodies))]
    fn once(&self, bodies: &AtomicUsize) -> usize {
        body(bodies) + self.offset
    }
    #[memoize(single_flight, ttl = "10s", skip(bodies))]
    async fn later(&self, n: u8, bodies: &AtomicUsize) -> usize {
        body(bodies) + self.offset * usize::from(n)
    }
}

#[memoize(single_flight, unbounded, ttl = "10s", skip(bodies))]
fn free(n: u8, bodies: &AtomicUsize) -> usize {
    body(bodies) + usize::from(n)
}

#[memoize(single_flight, ttl = |_| 10 * SECOND, skip(bodies))]
fn token(bodies: &AtomicUsize) -> Result<String, ()> {
    Ok(body(bodies).to_string())
}

/// All threads call at once, each time after the entry is over.
fn rounds<R: PartialEq + std::fmt::Debug + Send>(
    name: &str,
    call: impl Fn(&AtomicUsize) -> R + Sync,
) {
    let _alone = alone();
    watched(name, || {
        let bodies = AtomicUsize::new(0);
        for round in 1..=ROUNDS {
            let start = Barrier::new(THREADS);
            let results: Vec<R> = thread::scope(|scope| {
                let called = || {
                    start.wait();
                    call(&bodies)
                };
                let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(called)).collect();
                threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
            });
            assert_eq!(bodies.load(SeqCst), round, "{name}");
            assert!(results.iter().all(|result| *result == results[0]), "{name}: {results:?}");
            advance(10 * SECOND);
        }
    });
}

#[test]
fn an_expired_hot_key_is_computed_once() {
    let service = Service { offset: 1, memo: Default::default() };
    rounds("map", |bodies| service.map(7, bodies));
    rounds("text", |bodies| service.text("seven", bodies));
    rounds("lru", |bodies| service.lru(7, bodies));
    rounds("sieve", |bodies| service.sieve(7, bodies));
    rounds("once", |bodies| service.once(bodies));
    rounds("free", |bodies| free(7, bodies));
    rounds("token", token);
    let info = service.text_cache().info();
    assert_eq!(info.hits.zip(info.misses).map(|(hits, misses)| (hits + misses, misses)), {
        let rounds = ROUNDS as u64;
        Some((rounds * THREADS as u64, rounds))
    });
}

#[test]
fn an_expired_hot_key_is_computed_once_by_tasks() {
    let service = Service { offset: 1, memo: Default::default() };
    rounds("later", |bodies| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(service.later(7, bodies))
    });
}

#[test]
fn what_is_not_to_be_kept_is_handed_to_nobody() {
    #[memoize(single_flight, unbounded, ttl = Duration::ZERO, skip(bodies))]
    fn never(n: u8, bodies: &AtomicUsize) -> usize {
        body(bodies) + usize::from(n) - usize::from(n)
    }
    let _alone = alone();
    watched("never", || {
        let bodies = AtomicUsize::new(0);
        let mut results: Vec<usize> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| never(1, &bodies))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        results.sort_unstable();
        assert_eq!(results, (1..=THREADS).collect::<Vec<_>>());
        assert!(never_cache().is_empty());
    });
}

/// Whoever waited is not handed what is too old by the time that it is handed over: here the value's clone takes that long.
#[test]
fn a_value_that_is_over_is_not_handed_on() {
    #[derive(PartialEq, Debug)]
    struct Slow(usize);
    impl Clone for Slow {
        fn clone(&self) -> Self {
            if self.0 == 1 {
                advance(10 * SECOND);
            }
            Slow(self.0)
        }
    }
    #[memoize(single_flight, ttl = "10s", skip(bodies, started))]
    fn slow(bodies: &AtomicUsize, started: &Barrier) -> Slow {
        let number = bodies.fetch_add(1, SeqCst) + 1;
        if number == 1 {
            started.wait();
            thread::sleep(Duration::from_millis(50));
        }
        Slow(number)
    }
    let _alone = alone();
    watched("slow", || {
        let (bodies, started) = (AtomicUsize::new(0), Barrier::new(2));
        thread::scope(|scope| {
            let first = scope.spawn(|| slow(&bodies, &started));
            started.wait();
            let second = scope.spawn(|| slow(&bodies, &started));
            assert_eq!(first.join().expect("no panic"), Slow(1));
            assert_eq!(second.join().expect("no panic"), Slow(2));
        });
    });
}
