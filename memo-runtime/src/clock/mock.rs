//! For tests: time stands still, but for [`advance`].

use std::{
    sync::atomic::{
        AtomicU64,
        Ordering::{AcqRel, Acquire},
    },
    time::Duration,
};

/// Some moment that is not the first.
static NOW: AtomicU64 = AtomicU64::new(1_000_000_000);

/// Moves the clock of `ttl` forward, for the whole process. Only with the feature `mock-clock`, with which that clock otherwise
/// stands still.
///
/// It is for tests, and so the feature belongs to the `dev-dependencies`:
///
/// ```toml
/// [dev-dependencies]
/// memo-runtime = { version = "…", features = ["mock-clock"] }
/// ```
///
/// Tests that run at the same time share the clock: whoever advances it makes the others' entries older too.
///
/// ```
/// use memo_runtime::{clock::advance, memoize};
/// use std::{
///     sync::atomic::{AtomicU32, Ordering::Relaxed},
///     time::Duration,
/// };
///
/// static RUNS: AtomicU32 = AtomicU32::new(0);
///
/// #[memoize(ttl = "30s")]
/// fn keys() -> Vec<String> {
///     RUNS.fetch_add(1, Relaxed);
///     vec!["key".into()]
/// }
///
/// keys();
/// advance(Duration::from_secs(29));
/// keys();
/// assert_eq!(RUNS.load(Relaxed), 1);
/// advance(Duration::from_secs(1));
/// keys();
/// assert_eq!(RUNS.load(Relaxed), 2);
/// ```
pub fn advance(by: Duration) {
    let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
    // The last moment is that of entries that never end.
    let later = |now: u64| Some(now.saturating_add(by).min(u64::MAX - 1));
    let _ = NOW.fetch_update(AcqRel, Acquire, later);
}

#[inline]
pub(super) fn now() -> u64 {
    NOW.load(Acquire)
}

/// It does not lag.
#[inline]
pub(super) fn resolution() -> u64 {
    0
}
