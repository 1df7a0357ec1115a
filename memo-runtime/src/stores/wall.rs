//! What time is it, for all machines? In milliseconds since 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment that is never reached.
pub(super) const NEVER: u64 = u64::MAX;

/// The present moment, or up to a millisecond before.
#[cfg(not(feature = "mock-clock"))]
pub(super) fn now() -> u64 {
    real()
}

/// The present moment: that of the first look, and all that the clock is advanced by.
#[cfg(feature = "mock-clock")]
pub(super) fn now() -> u64 {
    static START: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    START.get_or_init(real).saturating_add(crate::clock::now() / 1_000_000)
}

fn real() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(NEVER)
}

/// The moment so much later, rounded down.
pub(super) fn after(start: u64, span: Duration) -> u64 {
    u64::try_from(span.as_millis()).map_or(NEVER, |span| start.saturating_add(span))
}
