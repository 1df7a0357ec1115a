//! What time is it? For entries that are good for a while (`ttl`).
//!
//! A moment is a number of nanoseconds since a start that no one names. A clock may lag: it shows a moment that is at most
//! `resolution` ago, and never one that is still to come. So an entry's deadline is put that much earlier, and an entry is
//! never served older than it may be.
//!
//! Time in which the machine sleeps is not counted, as the monotonic clocks of most systems do not.

#[cfg(any(test, loom, not(any(feature = "mock-clock", target_os = "linux"))))]
mod instant;
#[cfg(all(target_os = "linux", not(loom), any(test, not(feature = "mock-clock"))))]
mod linux;
#[cfg(feature = "mock-clock")]
mod mock;

#[cfg(any(loom, not(any(feature = "mock-clock", target_os = "linux"))))]
use instant as source;
#[cfg(all(target_os = "linux", not(any(loom, feature = "mock-clock"))))]
use linux as source;
#[cfg(feature = "mock-clock")]
use mock as source;

#[cfg(feature = "mock-clock")]
pub use mock::advance;

/// The present moment.
#[inline]
pub(crate) fn now() -> u64 {
    source::now()
}

/// By how much the clock may lag, in nanoseconds.
#[inline]
pub(crate) fn resolution() -> u64 {
    source::resolution()
}
