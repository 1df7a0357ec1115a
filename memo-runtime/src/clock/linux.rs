//! Linux: `CLOCK_MONOTONIC_COARSE`, the time of the kernel's last tick. It is read from memory alone, in about a tenth of the time
//! of `Instant::now`.

use std::mem::MaybeUninit;

#[inline]
pub(super) fn now() -> u64 {
    // The end of time where there is no such clock: then nothing is good any more.
    read(libc::clock_gettime).unwrap_or(u64::MAX)
}

/// Asked whenever something is stored; costs what [`now`] does.
#[inline]
pub(super) fn resolution() -> u64 {
    read(libc::clock_getres).unwrap_or(u64::MAX)
}

#[inline]
#[allow(clippy::cast_sign_loss, reason = "seconds since the start, and parts of one")]
#[allow(clippy::unnecessary_cast, reason = "other types on other machines")]
fn read(
    ask: unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> libc::c_int,
) -> Option<u64> {
    let mut time = MaybeUninit::uninit();
    // SAFETY: it writes to where the pointer says, if it succeeds.
    let time = unsafe {
        if ask(libc::CLOCK_MONOTONIC_COARSE, time.as_mut_ptr()) != 0 {
            return None;
        }
        time.assume_init()
    };
    (time.tv_sec as u64).checked_mul(1_000_000_000)?.checked_add(time.tv_nsec as u64)
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
