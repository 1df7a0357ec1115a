//! What is asked of Linux itself? All calls of foreign functions are here.

/// Makes this process one that [`barrier`] works for; whether it is.
pub(crate) fn register_for_barriers() -> bool {
    membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)
}

/// Has every running thread of the process execute a full barrier; whether it took place.
pub(crate) fn barrier() -> bool {
    membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED)
}

fn membarrier(command: libc::c_int) -> bool {
    // SAFETY: the system call reads and writes no memory of ours.
    unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
}

/// The time of the kernel's last tick, in nanoseconds since some start, if there is such a clock. It is read from memory alone, in
/// about a tenth of the time of `Instant::now`.
#[cfg(any(test, not(feature = "mock-clock")))]
#[inline]
pub(crate) fn coarse_time() -> Option<u64> {
    clock(libc::clock_gettime)
}

/// How far ticks are apart, in nanoseconds. Costs what [`coarse_time`] does.
#[cfg(any(test, not(feature = "mock-clock")))]
#[inline]
pub(crate) fn coarse_resolution() -> Option<u64> {
    clock(libc::clock_getres)
}

#[cfg(any(test, not(feature = "mock-clock")))]
#[inline]
#[allow(clippy::cast_sign_loss, reason = "seconds since the start, and parts of one")]
#[allow(clippy::unnecessary_cast, reason = "other types on other machines")]
fn clock(
    ask: unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> libc::c_int,
) -> Option<u64> {
    let mut time = std::mem::MaybeUninit::uninit();
    // SAFETY: it writes to where the pointer says, if it succeeds.
    let time = unsafe {
        if ask(libc::CLOCK_MONOTONIC_COARSE, time.as_mut_ptr()) != 0 {
            return None;
        }
        time.assume_init()
    };
    (time.tv_sec as u64).checked_mul(1_000_000_000)?.checked_add(time.tv_nsec as u64)
}
