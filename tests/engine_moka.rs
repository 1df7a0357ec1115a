//! What rests on how the crate `moka` works, which serves as an engine.

use std::{
    sync::{
        Barrier, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use memo_runtime::{Engine, memoize};
use moka::notification::RemovalCause;

const ROUNDS: usize = 200;

/// Who was interrupted within its `clear` ends it last, and must not bring back what was cleared since.
#[test]
fn what_was_cleared_stays_so_however_many_clear() {
    let cache = moka::sync::Cache::<u64, u64>::new(100);
    let is_over = AtomicBool::new(false);
    let round = Barrier::new(5);
    let mut back = 0;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    round.wait();
                    while !is_over.load(SeqCst) {
                        Engine::clear(&cache);
                    }
                    round.wait();
                }
            });
        }
        for _ in 0..ROUNDS {
            is_over.store(false, SeqCst);
            round.wait();
            for _ in 0..300 {
                Engine::insert(&cache, 1, 1);
                Engine::clear(&cache);
            }
            is_over.store(true, SeqCst);
            round.wait();
            back += usize::from(Engine::get(&cache, &1).is_some());
        }
    });
    assert_eq!(back, 0);
}

#[memoize(engine = moka::sync::Cache::new(100))]
fn removed(n: u64) -> u64 {
    n
}

#[test]
fn what_was_cleared_is_not_there_to_be_removed() {
    removed(1);
    removed_cache().clear();
    assert!(!removed_cache().remove((1,)));
    removed(1);
    assert!(removed_cache().remove((1,)));
    assert!(!removed_cache().remove((1,)));
}

static EVICTED: Mutex<Vec<(String, RemovalCause)>> = Mutex::new(Vec::new());

#[memoize(engine = moka::sync::Cache::builder()
    .max_capacity(100)
    .eviction_listener(|_, text: String, cause| {
        EVICTED.lock().unwrap_or_else(PoisonError::into_inner).push((text, cause));
    })
    .build())]
fn listened(n: u64) -> String {
    n.to_string()
}

/// Without `ttl` a listener is given the function's results as they are.
#[test]
fn a_listener_hears_of_what_goes() {
    listened(1);
    listened(2);
    listened_cache().insert((2,), "two".into());
    assert!(listened_cache().remove((1,)));
    assert_eq!(
        *EVICTED.lock().unwrap_or_else(PoisonError::into_inner),
        [("2".into(), RemovalCause::Replaced), ("1".into(), RemovalCause::Explicit)]
    );
}

/// `invalidate_all` leaves the entries in place and compares times when they are read. An insertion over one of them gives the old entry
/// the new time before it puts the new value in its place: who reads just then must not get the old value.
#[test]
fn nothing_from_before_a_clearing_is_seen_after_it() {
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static STOP: AtomicBool = AtomicBool::new(false);

    #[memoize(engine = moka::sync::Cache::new(1000))]
    fn now(_key: u64) -> usize {
        NOW.load(SeqCst)
    }

    let mut stale = 0;
    thread::scope(|scope| {
        for worker in 0..2 {
            scope.spawn(move || {
                for key in (worker..).take_while(|_| !STOP.load(SeqCst)) {
                    now(key % 8);
                }
            });
        }
        for _ in 0..20_000 {
            let present = NOW.fetch_add(1, SeqCst) + 1;
            now_cache().clear();
            stale += (0..8).filter(|key| now(*key) < present).count();
        }
        STOP.store(true, SeqCst);
    });
    assert_eq!(stale, 0);
}
