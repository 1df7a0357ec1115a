//! A type of one's own that is called `Result` is cached whole under another name.

use memo_runtime::memoize;

mod own {
    #[derive(Clone, Debug, PartialEq)]
    pub enum Result<T, E> {
        Good(T),
        Bad(E),
    }
}
use own::Result as Outcome;
use std::sync::atomic::{AtomicU32, Ordering};

static RAN: AtomicU32 = AtomicU32::new(0);

#[memoize(unbounded)]
fn half(n: u64) -> Outcome<u64, u64> {
    RAN.fetch_add(1, Ordering::Relaxed);
    if n % 2 == 0 { Outcome::Good(n / 2) } else { Outcome::Bad(n) }
}

#[memoize(unbounded)]
fn checked(n: u64) -> core::result::Result<u64, u64> {
    RAN.fetch_add(1, Ordering::Relaxed);
    Err(n)
}

fn main() {
    assert_eq!((half(3), half(3)), (Outcome::Bad(3), Outcome::Bad(3)));
    assert_eq!(RAN.load(Ordering::Relaxed), 1);
    assert_eq!((checked(3), checked(3)), (Err(3), Err(3)));
    assert_eq!(RAN.load(Ordering::Relaxed), 3);
}
