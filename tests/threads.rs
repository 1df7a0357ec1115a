//! Contract points 4 and 8 across threads: one result is kept, and bounds hold.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use memo_runtime::memoize;

const THREADS: usize = 4;

#[memoize]
struct Shared {
    #[memoize(untracked)]
    bodies: AtomicUsize,
    #[memoize(untracked)]
    barrier: Barrier,
}

#[memoize]
impl Shared {
    fn new(threads: usize) -> Self {
        Self { bodies: AtomicUsize::new(0), barrier: Barrier::new(threads) }
    }

    /// Every thread is in the body at once, and computes a result of its own.
    fn race(&self) -> usize {
        self.barrier.wait();
        let body = self.bodies.fetch_add(1, Relaxed);
        self.barrier.wait();
        body
    }

    #[memoize]
    fn once(&self) -> usize {
        self.race()
    }
    #[memoize]
    fn once_text(&self) -> String {
        self.race().to_string()
    }
    #[memoize]
    fn unbounded(&self, _n: u8) -> usize {
        self.race()
    }
    #[memoize(capacity = 2)]
    fn bounded(&self, _n: u8) -> usize {
        self.race()
    }
    #[memoize(returns = "ref")]
    fn kept(&self, _n: u8) -> usize {
        self.race()
    }
    #[memoize(returns = "ref")]
    fn kept_once(&self) -> usize {
        self.race()
    }
    #[memoize(capacity = 16)]
    fn sixteen(&self, n: u64) -> u64 {
        let len = self.sixteen_cache().len();
        assert!(len <= 16, "{len}");
        if n == 0 { 0 } else { n + self.sixteen(n - 1) }
    }
    #[memoize]
    fn triangle(&self, n: u64) -> u64 {
        if n == 0 { 0 } else { n + self.triangle(n - 1) }
    }
}

#[memoize(capacity = 32, policy = "sieve")]
fn sieved(n: u64) -> u64 {
    assert!(sieved_cache().len() <= 32);
    n * 3
}

fn race<R: Send + PartialEq + std::fmt::Debug>(call: impl Fn(&Shared) -> R + Sync) {
    let shared = Shared::new(THREADS);
    let results: Vec<R> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| call(&shared))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(shared.bodies.load(Relaxed), THREADS);
    let kept = call(&shared);
    assert_eq!(shared.bodies.load(Relaxed), THREADS, "the result was not kept");
    assert!(results.contains(&kept));
    assert_eq!(call(&shared), kept);
}

#[test]
fn concurrent_first_calls_keep_one_result() {
    race(Shared::once);
    race(Shared::once_text);
    race(|shared| shared.unbounded(1));
    race(|shared| shared.bounded(1));
    race(|shared| *shared.kept(1));
    race(|shared| *shared.kept_once());
}

#[test]
fn references_to_kept_results_agree() {
    let shared = Shared::new(THREADS);
    let addresses: Vec<usize> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| std::ptr::from_ref(shared.kept(1)).addr()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn capacity_holds_under_threads_and_recursion() {
    let shared = Shared::new(1);
    thread::scope(|scope| {
        for thread in 0..THREADS as u64 {
            let shared = &shared;
            scope.spawn(move || {
                for n in 0..300 {
                    let n = (n * 7 + thread) % 100;
                    assert_eq!(shared.sixteen(n), n * (n + 1) / 2);
                    assert_eq!(sieved(n), n * 3);
                }
            });
        }
    });
    assert_eq!(shared.sixteen_cache().len(), 16);
}

#[test]
fn readers_and_writers_agree_while_the_map_grows_and_is_cleared() {
    let shared = Shared::new(1);
    thread::scope(|scope| {
        for thread in 0..THREADS as u64 {
            let shared = &shared;
            scope.spawn(move || {
                for n in 0..2000 {
                    let n = n % (500 + thread);
                    assert_eq!(shared.triangle(n), n * (n + 1) / 2);
                    let cache = shared.triangle_cache();
                    match n % 97 {
                        0 if thread == 0 => cache.clear(),
                        1 => drop(cache.remove((n / 2,))),
                        2 => cache.insert((n,), n * (n + 1) / 2),
                        _ => assert!(cache.peek((n,)).is_none_or(|sum| sum == n * (n + 1) / 2)),
                    }
                }
            });
        }
    });
}
