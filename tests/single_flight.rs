//! `single_flight`: one body per key at a time, and nothing ever hangs.

#![allow(clippy::type_complexity, reason = "tables of hooks")]

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    cell::Cell,
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Barrier, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use memo_runtime::memoize;
use watchdog::watched;

const THREADS: usize = 10;
const ROUNDS: u64 = 1000;

/// What a body does: it counts itself, and gives the others time to come.
fn body(bodies: &AtomicUsize) {
    bodies.fetch_add(1, SeqCst);
    for _ in 0..5 {
        thread::yield_now();
    }
}

#[memoize]
struct Stores {
    factor: u64,
}

#[memoize]
impl Stores {
    #[memoize(single_flight, skip(bodies))]
    fn map(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n * self.factor
    }
    #[memoize(single_flight, stats, skip(bodies))]
    fn text(&self, n: &str, bodies: &AtomicUsize) -> String {
        body(bodies);
        format!("{n} {}", self.factor)
    }
    #[memoize(single_flight, skip(bodies))]
    fn large(&self, n: u64, bodies: &AtomicUsize) -> [u64; 20] {
        body(bodies);
        [n; 20]
    }
    #[memoize(single_flight, capacity = 1, skip(bodies))]
    fn lru(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n * self.factor
    }
    #[memoize(single_flight, capacity = 1, stats, skip(bodies))]
    fn lru_text(&self, n: u64, bodies: &AtomicUsize) -> String {
        body(bodies);
        (n * self.factor).to_string()
    }
    #[memoize(single_flight, capacity = 1, policy = "sieve", skip(bodies))]
    fn sieve(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n * self.factor
    }
    #[memoize(single_flight, skip(bodies))]
    fn once(&self, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        self.factor
    }
    #[memoize(single_flight, stats, skip(bodies))]
    fn once_text(&self, bodies: &AtomicUsize) -> String {
        body(bodies);
        self.factor.to_string()
    }
    #[memoize(single_flight, returns = "ref", skip(bodies))]
    fn kept(&self, n: u64, bodies: &AtomicUsize) -> String {
        body(bodies);
        (n * self.factor).to_string()
    }
    #[memoize(single_flight, returns = "ref", skip(bodies))]
    fn kept_once(&self, bodies: &AtomicUsize) -> String {
        body(bodies);
        self.factor.to_string()
    }
    #[memoize(single_flight, key(half: u64 = n / 2))]
    fn keyed(&self, n: u64, bodies: &AtomicUsize) -> Result<u64, String> {
        body(bodies);
        Ok(n / 2 * self.factor)
    }
    #[memoize(single_flight, cache_if = |sum| *sum > 0, skip(bodies))]
    fn filtered(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n + self.factor
    }
    #[memoize(scope = "type", single_flight, unbounded, reads(factor: u64), skip(bodies))]
    fn shared(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n * self.factor
    }
}

trait Measure {
    fn measure(&self, n: u64, bodies: &AtomicUsize) -> u64;
}
#[memoize]
struct Generic<T> {
    unit: T,
}
#[memoize]
impl<T: Copy + Into<u64>> Measure for Generic<T> {
    #[memoize(single_flight, skip(bodies))]
    fn measure(&self, n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n * self.unit.into()
    }
}
struct Typed<T>(T);
#[memoize]
impl<T: Copy + Into<u64> + Default + 'static> Typed<T> {
    #[memoize(single_flight, unbounded, skip(bodies))]
    fn typed(n: u64, bodies: &AtomicUsize) -> u64 {
        body(bodies);
        n + T::default().into()
    }
}

#[memoize(single_flight, unbounded, stats, skip(bodies))]
fn free(n: u64, bodies: &AtomicUsize) -> u64 {
    body(bodies);
    n * 3
}
#[memoize(single_flight, capacity = 2, skip(bodies))]
fn free_lru(n: u64, bodies: &AtomicUsize) -> String {
    body(bodies);
    n.to_string()
}
#[memoize(single_flight, returns = "ref", unbounded, skip(bodies))]
fn free_kept(n: u64, bodies: &AtomicUsize) -> String {
    body(bodies);
    n.to_string()
}
#[memoize(single_flight, skip(bodies), accessor = constant)]
fn free_once(bodies: &AtomicUsize) -> u64 {
    body(bodies);
    7
}

/// All threads make each call at once; `begin` comes before each round.
fn rounds<R: PartialEq + std::fmt::Debug>(
    name: &str,
    begin: impl Fn(u64) + Sync,
    call: impl Fn(u64, &AtomicUsize) -> R + Sync,
    expected: impl Fn(u64) -> R + Sync,
) {
    watched(name, || {
        let barrier = Barrier::new(THREADS);
        let bodies: Vec<_> = (0..ROUNDS).map(|_| AtomicUsize::new(0)).collect();
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (barrier, bodies, begin, call, expected) =
                    (&barrier, &bodies, &begin, &call, &expected);
                scope.spawn(move || {
                    for (round, bodies) in (0..).zip(bodies) {
                        barrier.wait();
                        if thread == 0 {
                            begin(round);
                        }
                        barrier.wait();
                        assert_eq!(call(round, bodies), expected(round), "{name}");
                    }
                });
            }
        });
        assert!(bodies.iter().all(|bodies| bodies.load(SeqCst) == 1), "{name}");
    });
}

#[test]
fn each_key_of_an_instance_is_computed_once() {
    let s = Stores { factor: 3, memo: Default::default() };
    let nothing = |_| ();
    rounds("map", nothing, |n, b| s.map(n, b), |n| n * 3);
    rounds("text", nothing, |n, b| s.text(&n.to_string(), b), |n| format!("{n} 3"));
    rounds("large", nothing, |n, b| s.large(n, b), |n| [n; 20]);
    rounds("lru", nothing, |n, b| s.lru(n, b), |n| n * 3);
    rounds("lru_text", nothing, |n, b| s.lru_text(n, b), |n| (n * 3).to_string());
    rounds("sieve", nothing, |n, b| s.sieve(n, b), |n| n * 3);
    rounds("kept", nothing, |n, b| s.kept(n, b).clone(), |n| (n * 3).to_string());
    rounds("keyed", nothing, |n, b| s.keyed(n * 2, b), |n| Ok(n * 3));
    rounds("filtered", nothing, |n, b| s.filtered(n, b), |n| n + 3);
    rounds("shared", nothing, |n, b| s.shared(n, b), |n| n * 3);
    let calls = ROUNDS * THREADS as u64;
    for info in [s.text_cache().info(), s.lru_text_cache().info()] {
        assert_eq!((info.misses, info.hits), (Some(ROUNDS), Some(calls - ROUNDS)));
    }
}

#[test]
fn each_instance_computes_what_has_no_arguments_once() {
    let all: Vec<_> =
        (0..ROUNDS).map(|factor| Stores { factor, memo: Default::default() }).collect();
    let at = |n: u64| &all[usize::try_from(n).expect("few")];
    rounds("once", |_| (), |n, b| at(n).once(b), |n| n);
    rounds("once_text", |_| (), |n, b| at(n).once_text(b), |n| n.to_string());
    rounds("kept_once", |_| (), |n, b| at(n).kept_once(b).clone(), |n| n.to_string());
    for stores in &all {
        let info = stores.once_text_cache().info();
        assert_eq!((info.misses, info.hits), (Some(1), Some(THREADS as u64 - 1)));
    }
}

#[test]
fn each_key_of_a_type_is_computed_once() {
    rounds("free", |_| (), free, |n| n * 3);
    rounds("free_lru", |_| (), free_lru, |n| n.to_string());
    rounds("free_kept", |_| (), |n, b| free_kept(n, b).clone(), |n| n.to_string());
    rounds("free_once", |_| constant().clear(), |_, b| free_once(b), |_| 7);
    let generic = Generic { unit: 2_u8, memo: Default::default() };
    rounds("measure", |_| (), |n, b| generic.measure(n, b), |n| n * 2);
    rounds("typed", |_| (), Typed::<u8>::typed, |n| n);
    assert_eq!(Typed::<u16>(0).0, 0);
    let info = free_cache().info();
    assert_eq!((info.misses, info.hits), (Some(ROUNDS), Some(ROUNDS * (THREADS as u64 - 1))));
}

/// The message of a panic in `run`.
fn panic_of<R>(run: impl FnOnce() -> R) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
}

/// Runs `call` in many threads at once; what they return, in no order.
fn at_once<R: Send>(call: impl Fn() -> R + Sync) -> Vec<R> {
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        let all: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    call()
                })
            })
            .collect();
        all.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// At most one body at a time; how many there were.
#[derive(Default)]
struct Bodies {
    running: AtomicBool,
    count: AtomicUsize,
}
impl Bodies {
    fn run<R>(&self, body: impl FnOnce(usize) -> R) -> R {
        struct Ended<'a>(&'a AtomicBool);
        impl Drop for Ended<'_> {
            fn drop(&mut self) {
                self.0.store(false, SeqCst);
            }
        }
        assert!(!self.running.swap(true, SeqCst), "two bodies at once");
        let _ended = Ended(&self.running);
        for _ in 0..5 {
            thread::yield_now();
        }
        body(self.count.fetch_add(1, SeqCst))
    }
    fn count(&self) -> usize {
        self.count.load(SeqCst)
    }
}

#[memoize(single_flight, unbounded, skip(bodies))]
fn fails_at_first(n: u64, bodies: &Bodies) -> u64 {
    bodies.run(|before| {
        assert!(before >= 3, "on purpose");
        n
    })
}

#[test]
fn a_panic_hands_over_to_one_that_waits() {
    watched("panic", || {
        for n in 0..100 {
            let bodies = Bodies::default();
            let results = at_once(|| panic_of(|| fails_at_first(n, &bodies)));
            let panics = results.iter().flatten().filter(|text| *text == "on purpose").count();
            assert_eq!((panics, results.iter().flatten().count(), bodies.count()), (3, 3, 4));
        }
    });
}

#[memoize(single_flight, unbounded, skip(bodies))]
fn is_ok_at_last(n: u64, bodies: &Bodies) -> Result<u64, usize> {
    bodies.run(|before| if before < 4 { Err(before) } else { Ok(n) })
}
#[memoize(single_flight, unbounded, skip(bodies), cache_if = |count| *count >= 4)]
fn is_kept_at_last(n: u64, bodies: &Bodies) -> usize {
    let _ = n;
    bodies.run(|before| before)
}
#[memoize(single_flight, unbounded, skip(bodies), returns = "ref")]
fn is_lent_at_last(n: u64, bodies: &Bodies) -> Result<u64, usize> {
    bodies.run(|before| if before < 4 { Err(before) } else { Ok(n) })
}

#[test]
fn what_is_not_kept_goes_to_its_own_caller() {
    watched("err", || {
        for n in 0..100 {
            let bodies = Bodies::default();
            let mut results = at_once(|| is_ok_at_last(n, &bodies));
            results.sort_unstable_by_key(|result| result.err().unwrap_or(9));
            assert_eq!(results[..5], [Err(0), Err(1), Err(2), Err(3), Ok(n)]);
            assert!(results[5..].iter().all(|result| *result == Ok(n)));

            let bodies = Bodies::default();
            let mut results = at_once(|| is_kept_at_last(n, &bodies));
            results.sort_unstable();
            assert_eq!(results, [0, 1, 2, 3, 4, 4, 4, 4, 4, 4]);

            let bodies = Bodies::default();
            let results = at_once(|| is_lent_at_last(n, &bodies).copied());
            assert_eq!(results.iter().filter(|result| **result == Ok(n)).count(), THREADS - 4);
            assert_eq!(bodies.count(), 5);
        }
    });
}

#[memoize]
struct Rates {
    base: u64,
}
#[memoize]
impl Rates {
    #[memoize(single_flight)]
    fn triangle(&self, n: u64) -> u64 {
        if n == 0 { self.base } else { n + self.triangle(n - 1) }
    }
    #[memoize(single_flight)]
    fn own(&self, n: u64) -> u64 {
        self.own(n)
    }
    #[memoize(single_flight)]
    fn rate(&self, n: u64) -> u64 {
        self.spread(n) + self.base
    }
    #[memoize(single_flight, capacity = 8)]
    fn spread(&self, n: u64) -> u64 {
        if n % 2 == 0 { n } else { self.plain(n) }
    }
    #[memoize]
    fn plain(&self, n: u64) -> u64 {
        self.rate(n)
    }
    #[memoize(single_flight, returns = "ref")]
    fn lent(&self, n: u64) -> u64 {
        *self.lent(n)
    }
    /// Waits in its body until the other thread is in its own, and then asks for the other's result.
    #[memoize(single_flight, skip(inside))]
    fn crossed(&self, n: u64, inside: &AtomicUsize) -> u64 {
        inside.fetch_add(1, SeqCst);
        while inside.load(SeqCst) < 2 {
            thread::yield_now();
        }
        self.crossed(1 - n, inside)
    }
}
#[memoize(single_flight, returns = "ref")]
fn own_free() -> u64 {
    *own_free()
}

#[test]
fn recursion_on_another_key_works() {
    watched("recursion", || {
        let rates = Rates { base: 0, memo: Default::default() };
        assert_eq!(at_once(|| rates.triangle(100)), [5050; THREADS]);
        assert_eq!(rates.triangle_cache().len(), 101);
    });
}

const WHY: &str = "; a `single_flight` method must not ask for the key that it is computing";

#[test]
fn a_body_that_asks_for_its_own_key_panics() {
    watched("own key", || {
        let rates = Rates { base: 1, memo: Default::default() };
        for _ in 0..2 {
            assert_eq!(
                panic_of(|| rates.own(1)),
                Some(format!("Rates::own needs its own result: own → own{WHY}"))
            );
            assert_eq!(
                panic_of(|| *rates.lent(1)),
                Some(format!("Rates::lent needs its own result: lent → lent{WHY}"))
            );
            assert_eq!(
                panic_of(own_free),
                Some(format!("own_free needs its own result: own_free → own_free{WHY}"))
            );
            assert_eq!(
                panic_of(|| rates.rate(1)),
                Some(format!("Rates::rate needs its own result: rate → spread → rate{WHY}"))
            );
        }
        // Nothing is left of it.
        assert_eq!((rates.rate(2), rates.spread(2)), (3, 2));
        let panics = at_once(|| panic_of(|| rates.rate(3)));
        assert!(panics.iter().all(|text| text.as_ref().is_some_and(|text| text.ends_with(WHY))));
    });
}

#[test]
fn bodies_of_two_threads_that_ask_for_each_other_panic() {
    watched("crossed", || {
        for _ in 0..100 {
            let rates = Rates { base: 1, memo: Default::default() };
            let inside = AtomicUsize::new(0);
            let call = |n| {
                let inside = &inside;
                let rates = &rates;
                move || panic_of(|| rates.crossed(n, inside))
            };
            let panics = thread::scope(|scope| {
                let other = scope.spawn(call(0));
                let first = call(1)();
                [first, other.join().expect("caught")]
            });
            // One meets the circle. The other takes over, and asks for its own key by the next body.
            for text in panics {
                let text = text.expect("a panic");
                assert!(text.starts_with("Rates::crossed needs its own result: crossed → crossed"));
            }
        }
    });
}

static STARTED: Mutex<Option<mpsc::Sender<()>>> = Mutex::new(None);
static GO: Barrier = Barrier::new(2);
static NEXT: AtomicUsize = AtomicUsize::new(0);

#[memoize(single_flight, unbounded)]
fn numbered(n: u8) -> usize {
    let _ = n;
    let number = NEXT.fetch_add(1, SeqCst);
    if number == 0 {
        if let Some(started) = &*STARTED.lock().expect("no panic") {
            started.send(()).expect("it is waited for");
        }
        GO.wait();
    }
    number
}

#[test]
fn what_was_computed_before_a_clearing_is_not_handed_on() {
    watched("clear", || {
        let forgets: [fn(); 2] =
            [|| numbered_cache().clear(), || assert!(!numbered_cache().remove((1,)))];
        for forget in forgets {
            numbered_cache().clear();
            NEXT.store(0, SeqCst);
            let (sender, started) = mpsc::channel();
            *STARTED.lock().expect("no panic") = Some(sender);
            thread::scope(|scope| {
                let leader = scope.spawn(|| numbered(1));
                started.recv().expect("the body runs");
                forget();
                let late: Vec<_> = (0..3).map(|_| scope.spawn(|| numbered(1))).collect();
                thread::sleep(Duration::from_millis(20));
                // They wait, and do not run a second body beside the first.
                assert_eq!(NEXT.load(SeqCst), 1);
                GO.wait();
                assert_eq!(leader.join().expect("no panic"), 0);
                for late in late {
                    assert_eq!(late.join().expect("no panic"), 1);
                }
                assert_eq!(numbered_cache().peek((1,)), Some(1));
            });
        }
    });
}

#[memoize(single_flight, unbounded, skip(gate))]
fn gated(n: u8, gate: &Barrier) -> u8 {
    gate.wait();
    n
}

#[test]
fn keys_do_not_wait_for_each_other() {
    watched("other keys", || {
        let gate = Barrier::new(THREADS);
        thread::scope(|scope| {
            // Each body ends only if all of them run.
            for n in 0..u8::try_from(THREADS).expect("few") {
                let gate = &gate;
                scope.spawn(move || assert_eq!(gated(n, gate), n));
            }
        });
    });
}

/// All of them have one hash.
#[derive(Clone, Debug)]
struct Alike(u64);
impl Hash for Alike {
    fn hash<H: Hasher>(&self, _: &mut H) {
        run_hook(Event::Hash);
    }
}
impl PartialEq for Alike {
    fn eq(&self, other: &Self) -> bool {
        run_hook(Event::Eq);
        self.0 == other.0
    }
}
impl Eq for Alike {}

#[memoize(single_flight, unbounded, skip(gate))]
fn alike(key: Alike, gate: &Barrier) -> u64 {
    gate.wait();
    key.0
}
#[memoize(single_flight, capacity = 3, skip(bodies))]
fn alike_lru(key: Alike, bodies: &AtomicUsize) -> u64 {
    body(bodies);
    key.0
}

#[test]
fn keys_of_equal_hash_do_not_wait_for_each_other() {
    watched("equal hashes", || {
        let gate = Barrier::new(THREADS);
        thread::scope(|scope| {
            for n in 0..THREADS as u64 {
                let gate = &gate;
                scope.spawn(move || assert_eq!(alike(Alike(n), gate), n));
            }
        });
        rounds("alike", |_| (), |n, b| alike_lru(Alike(n), b), |n| n);
    });
}

#[memoize(single_flight, capacity = 1, stats, skip(bodies))]
fn narrow(n: u64, bodies: &Bodies) -> u64 {
    bodies.run(|_| n)
}

#[test]
fn many_keys_in_a_capacity_of_one() {
    watched("narrow", || {
        narrow_cache().clear();
        let bodies: [Bodies; 8] = Default::default();
        thread::scope(|scope| {
            for thread in 0..THREADS as u64 {
                let bodies = &bodies;
                scope.spawn(move || {
                    for round in 0..200 {
                        let n = (round + thread) % 8;
                        assert_eq!(narrow(n, &bodies[usize::try_from(n).expect("few")]), n);
                        assert!(narrow_cache().len() <= 1);
                    }
                });
            }
        });
        let info = narrow_cache().info();
        let count: usize = bodies.iter().map(Bodies::count).sum();
        assert_eq!(info.misses, Some(count as u64));
        assert_eq!(info.hits.zip(info.misses).map(|(h, m)| h + m), Some(200 * THREADS as u64));
    });
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Hash,
    Eq,
    CloneKey,
    CloneValue,
    Drop,
}
thread_local! {
    static HOOK: Cell<Option<(Event, fn())>> = const { Cell::new(None) };
}
/// Runs the hook for `event`, once.
fn run_hook(event: Event) {
    if let Some((_, hook)) = HOOK.get().filter(|(expected, _)| *expected == event) {
        HOOK.set(None);
        hook();
    }
}

static LIVE: AtomicUsize = AtomicUsize::new(0);

#[derive(PartialEq, Debug)]
struct Counted(u64);
impl Counted {
    fn new(n: u64) -> Self {
        LIVE.fetch_add(1, SeqCst);
        Self(n)
    }
}
impl Clone for Counted {
    fn clone(&self) -> Self {
        run_hook(Event::CloneValue);
        Self::new(self.0)
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, SeqCst);
        run_hook(Event::Drop);
    }
}

#[derive(Debug)]
struct Key(u64);
impl Clone for Key {
    fn clone(&self) -> Self {
        run_hook(Event::CloneKey);
        Self(self.0)
    }
}
impl Hash for Key {
    fn hash<H: Hasher>(&self, _: &mut H) {
        run_hook(Event::Hash);
    }
}
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        run_hook(Event::Eq);
        self.0 == other.0
    }
}
impl Eq for Key {}

#[memoize(single_flight, unbounded)]
fn watched_map(key: Key) -> Counted {
    Counted::new(key.0)
}
#[memoize(single_flight, capacity = 2)]
fn watched_lru(key: Key) -> Counted {
    Counted::new(key.0)
}
#[memoize(single_flight, capacity = 2, policy = "sieve")]
fn watched_sieve(key: Key) -> Counted {
    Counted::new(key.0)
}

/// One test, because all values are counted together.
#[test]
fn code_of_keys_and_values_may_call_back_or_panic_and_nothing_leaks() {
    watched("re-entrance", || {
        type Hooks = [fn(); 5];
        let stores: [(fn(Key) -> Counted, Hooks, fn()); 3] = [
            (
                watched_map,
                [
                    || assert_eq!(watched_map(Key(1)).0, 1),
                    || assert_eq!(watched_map(Key(2)).0, 2),
                    || watched_map_cache().clear(),
                    || assert!(watched_map_cache().len() <= 9),
                    || panic!("on purpose"),
                ],
                || watched_map_cache().clear(),
            ),
            (
                watched_lru,
                [
                    || assert_eq!(watched_lru(Key(1)).0, 1),
                    || assert_eq!(watched_lru(Key(2)).0, 2),
                    || watched_lru_cache().clear(),
                    || assert!(watched_lru_cache().len() <= 2),
                    || panic!("on purpose"),
                ],
                || watched_lru_cache().clear(),
            ),
            (
                watched_sieve,
                [
                    || assert_eq!(watched_sieve(Key(1)).0, 1),
                    || assert_eq!(watched_sieve(Key(2)).0, 2),
                    || watched_sieve_cache().clear(),
                    || assert!(watched_sieve_cache().len() <= 2),
                    || panic!("on purpose"),
                ],
                || watched_sieve_cache().clear(),
            ),
        ];
        for (call, hooks, clear) in stores {
            for event in [Event::Hash, Event::Eq, Event::CloneKey, Event::CloneValue, Event::Drop] {
                for hook in hooks {
                    for present in [&[][..], &[1], &[1, 2], &[2, 3]] {
                        clear();
                        for &key in present {
                            call(Key(key));
                        }
                        HOOK.set(Some((event, hook)));
                        let _ = catch_unwind(|| assert_eq!(call(Key(1)).0, 1));
                        HOOK.set(None);
                        assert_eq!(at_once(|| call(Key(1)).0), [1; THREADS], "{event:?}");
                    }
                }
            }
            clear();
            assert_eq!(LIVE.load(SeqCst), 0);
        }
        // Handed on, evicted and dropped by many threads.
        thread::scope(|scope| {
            for thread in 0..THREADS as u64 {
                scope.spawn(move || {
                    for round in 0..300 {
                        let n = (thread / 2 + round) % 5;
                        assert_eq!(watched_lru(Key(n)).0, n);
                        assert_eq!(watched_map(Key(n)).0, n);
                        if round % 50 == 0 {
                            watched_map_cache().clear();
                        }
                    }
                });
            }
        });
        watched_lru_cache().clear();
        watched_map_cache().clear();
        assert_eq!(LIVE.load(SeqCst), 0);
    });
}

#[test]
fn a_mutating_instance_computes_once_too() {
    #[memoize]
    struct Growing {
        side: u64,
    }
    #[memoize]
    impl Growing {
        #[memoize(single_flight)]
        fn area(&self, n: u64) -> u64 {
            if n == 0 { self.side } else { self.area(n - 1) + self.side }
        }
        fn grow(&mut self) -> u64 {
            self.side += 1;
            let area = self.area(3);
            self.side += 1;
            area + self.area(3)
        }
    }
    watched("mutation", || {
        let mut growing = Growing { side: 1, memo: Default::default() };
        assert_eq!(growing.area(3), 4);
        assert_eq!(growing.grow(), 8 + 12);
        assert_eq!(growing.area(3), 12);
    });
}

#[memoize(unbounded, single_flight)]
fn selfish_at_the_end(n: u64) -> u64 {
    selfish_at_the_end(n)
}

#[test]
fn destructors_of_thread_locals_fly_too() {
    struct AtEnd(std::sync::mpsc::Sender<Option<String>>);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            let _ = self.0.send(panic_of(|| selfish_at_the_end(1)));
        }
    }
    thread_local! {
        static END: std::cell::RefCell<Option<AtEnd>> = const { std::cell::RefCell::new(None) };
    }
    watched("destructors_of_thread_locals_fly_too", || {
        // Our own thread-local would be dropped after it, or before it.
        for calls_first in [true, false] {
            let (send, said) = std::sync::mpsc::channel();
            let thread = thread::spawn(move || {
                if calls_first {
                    before_the_end(3);
                }
                END.with(|end| *end.borrow_mut() = Some(AtEnd(send)));
                if !calls_first {
                    before_the_end(10); // a miss, after the destructor was registered
                }
            });
            let message = said.recv().expect("it is dropped").expect("it panics");
            assert!(message.contains("needs its own result"), "{message}");
            thread.join().expect("no panic is left");
        }
    });
}

#[memoize(unbounded, single_flight)]
fn before_the_end(n: u64) -> u64 {
    if n == 0 { 0 } else { before_the_end(n - 1) + 1 }
}
