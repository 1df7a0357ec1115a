//! What an error hook calls may fail as well: that is counted, and no hook is told of it, so that there is an end.

#[path = "support/alone.rs"]
mod alone;

use std::{
    future::Future,
    panic,
    pin::pin,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
};

use alone::alone;
use memo_runtime::{MemoryStore, Region, memoize};

static TOLD: AtomicUsize = AtomicUsize::new(0);
static PANICS: AtomicBool = AtomicBool::new(false);

fn region(name: &str) -> Region<MemoryStore> {
    Region::new(name, MemoryStore::new()).max_value_len(20).on_error(|_| {
        TOLD.fetch_add(1, SeqCst);
        // Errors of the kind `Encode` shut no gate: each of these calls has one.
        assert_eq!((text(7).len(), other(7).len()), (107, 107));
        assert_eq!(at_once(later(7)).len(), 107);
        assert!(!PANICS.load(SeqCst), "on purpose");
    })
}
static REGION: LazyLock<Region<MemoryStore>> = LazyLock::new(|| region("hooked"));
static OTHER: LazyLock<Region<MemoryStore>> = LazyLock::new(|| region("hooked, too"));

#[memoize(store = &REGION, unbounded)]
fn text(len: usize) -> String {
    "x".repeat(100 + len)
}
#[memoize(store = &OTHER, unbounded, single_flight)]
fn other(len: usize) -> String {
    "x".repeat(100 + len)
}
#[memoize(store = &OTHER, unbounded, single_flight)]
async fn later(len: usize) -> String {
    "x".repeat(100 + len)
}

fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits for nothing"),
    }
}
fn errors() -> [Option<u64>; 3] {
    [text_cache().info().errors, other_cache().info().errors, later_cache().info().errors]
}

#[test]
fn a_hook_that_calls_the_function_ends() {
    alone("a_hook_that_calls_the_function_ends", || {
        assert_eq!(text(1).len(), 101);
        assert_eq!((TOLD.load(SeqCst), errors()), (1, [Some(2), Some(1), Some(1)]));
        // After a panic in the hook it is told of the next error as ever.
        PANICS.store(true, SeqCst);
        panic::set_hook(Box::new(|_| ()));
        assert_eq!((other(2).len(), at_once(later(2)).len()), (102, 102));
        assert_eq!((TOLD.load(SeqCst), errors()), (3, [Some(4), Some(4), Some(4)]));
        // That one thread is being told is nothing to others.
        thread::spawn(|| text(3)).join().unwrap();
        assert_eq!(TOLD.load(SeqCst), 4);
    });
}
