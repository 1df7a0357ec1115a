//! Linux: `CLOCK_MONOTONIC_COARSE`, the time of the kernel's last tick.

use crate::linux;

#[inline]
pub(super) fn now() -> u64 {
    // The end of time where there is no such clock: then nothing is good any more.
    linux::coarse_time().unwrap_or(u64::MAX)
}

/// Asked whenever something is stored.
#[inline]
pub(super) fn resolution() -> u64 {
    linux::coarse_resolution().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        thread,
        time::{Duration, Instant},
    };

    #[test]
    fn the_clock_lags_by_its_resolution_at_most() {
        // A tick is one to ten milliseconds.
        assert!((1_000_000..=10_000_000).contains(&resolution()), "{}", resolution());
        let (start, mut before) = (Instant::now(), now());
        let first = before;
        while start.elapsed() < Duration::from_millis(50) {
            let next = now();
            assert!(next >= before, "time goes forward");
            before = next;
            thread::yield_now();
        }
        let elapsed = u64::try_from(start.elapsed().as_nanos()).expect("a moment");
        assert!(before > first);
        assert!(before - first <= elapsed + resolution());
    }
}
