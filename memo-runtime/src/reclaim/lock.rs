//! How does a lock cost nothing while one thread uses it?
//!
//! By the same asymmetry as [`super`]. A thread that has locked [`STREAK`] times in a row becomes the lock's owner, and takes
//! it with plain stores from then on. The first other thread that wants it ends that for ever: it takes the mutex, says that
//! nobody owns the lock, issues the heavy barrier, and waits for the owner to leave. From then on all use the mutex.
//!
//! ```text
//! owner                          another thread, with the mutex
//! L1  held = true                U1  owner = NOBODY
//! L2  light barrier              U2  heavy barrier
//! L3  owner == me? else undo     U3  wait until held == false
//! ```
//!
//! Either L2 comes before U2, and U3 sees `held`, or U2 before L2, and L3 sees U1.
//!
//! Where `membarrier` cannot be had, nobody ever becomes the owner: the lock is a mutex from the start.
//!
//! # Invariants
//!
//! - `owner` is [`OPEN`], then perhaps the address of a thread's slot, then perhaps [`NOBODY`]; each is stored under the mutex.
//! - Who has the value has the mutex, with `owner` not another thread's and `held` false; or is the thread that `owner`
//!   names, with `held` true since it last looked.
//! - A slot that changes hands takes the ownership with it: the giving and the taking order the two threads.

use std::{
    cell::UnsafeCell,
    ops::{Deref, DerefMut},
    ptr,
    sync::{
        PoisonError, TryLockError,
        atomic::Ordering::{Acquire, Relaxed, Release, SeqCst},
    },
};

use super::{barrier, thread};
use crate::sync::{AtomicBool, AtomicUsize, Mutex, MutexGuard, yield_now};

/// Nobody has owned the lock yet.
const OPEN: usize = 0;
/// Nobody will own the lock. The address of no slot.
const NOBODY: usize = 1;
/// How often in a row a thread locks until it becomes the owner: so that a store which threads share from the start, or
/// one of few entries, never costs the barrier.
const STREAK: u32 = if cfg!(loom) { 1 } else { 64 };

/// A lock. It must not be waited for by a thread that holds it.
pub struct Lock<T> {
    owner: AtomicUsize,
    held: AtomicBool,
    mutex: Mutex<Streak>,
    value: UnsafeCell<T>,
}

/// Who has locked last, and how often in a row.
struct Streak {
    thread: usize,
    length: u32,
}

// SAFETY: the lock owns the value.
unsafe impl<T: Send> Send for Lock<T> {}
// SAFETY: by the invariants one thread at a time has the value.
unsafe impl<T: Send> Sync for Lock<T> {}

/// A held lock.
pub struct Guard<'l, T> {
    lock: &'l Lock<T>,
    /// `None` for the owner.
    mutex: Option<MutexGuard<'l, Streak>>,
}

/// The address of the thread's slot; `OPEN`, which is none, if it has none.
#[inline]
fn me() -> usize {
    thread::own().map_or(OPEN, |slot| ptr::from_ref(slot).addr())
}

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            owner: AtomicUsize::new(OPEN),
            held: AtomicBool::new(false),
            mutex: Mutex::new(Streak { thread: OPEN, length: 0 }),
            value: UnsafeCell::new(value),
        }
    }

    /// Waits for the lock.
    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        if self.enter_as_owner() {
            return Guard { lock: self, mutex: None };
        }
        self.lock_slowly()
    }

    /// The lock, unless this thread has it, or would have to wait and `may_wait` does not hold. `may_wait` says no to a
    /// thread that has any lock which is held while code of the user runs.
    #[inline]
    pub(crate) fn hold(&self, may_wait: impl Fn() -> bool) -> Option<Guard<'_, T>> {
        let me = me();
        if me != OPEN && self.owner.load(Relaxed) == me && self.held.load(Relaxed) {
            return None;
        }
        if self.enter_as_owner() {
            return Some(Guard { lock: self, mutex: None });
        }
        self.hold_slowly(may_wait)
    }

    /// The lock, if this thread owns it and does not have it.
    #[inline]
    pub(crate) fn hold_quick(&self) -> Option<Guard<'_, T>> {
        // Only the owner stores to `held` what the owner reads here; others say no at the second condition.
        if self.held.load(Relaxed) || !self.enter_as_owner() {
            return None;
        }
        Some(Guard { lock: self, mutex: None })
    }

    /// L1 to L3, if this thread is the owner; whether it is, and has the lock.
    #[inline]
    fn enter_as_owner(&self) -> bool {
        let me = me();
        if me == OPEN || self.owner.load(Relaxed) != me {
            return false;
        }
        self.held.store(true, Relaxed);
        // Only where this is enough does a thread become the owner.
        barrier::light(true);
        if self.owner.load(Relaxed) == me {
            return true;
        }
        self.held.store(false, Release);
        false
    }

    #[cold]
    #[inline(never)]
    fn lock_slowly(&self) -> Guard<'_, T> {
        let mutex = self.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        self.revoke();
        while self.held.load(Acquire) {
            yield_now();
        }
        self.enter(mutex)
    }

    #[cold]
    #[inline(never)]
    fn hold_slowly(&self, may_wait: impl Fn() -> bool) -> Option<Guard<'_, T>> {
        let mutex = match self.mutex.try_lock() {
            Ok(mutex) => mutex,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if may_wait() => {
                self.mutex.lock().unwrap_or_else(PoisonError::into_inner)
            }
            Err(TryLockError::WouldBlock) => return None,
        };
        self.revoke();
        while self.held.load(Acquire) {
            if !may_wait() {
                return None;
            }
            yield_now();
        }
        Some(self.enter(mutex))
    }

    /// U1 and U2, if another thread owns the lock. For the holder of the mutex.
    ///
    /// # Panics
    ///
    /// If the process had `membarrier` and took it from itself: then the owner can no longer be told to stop.
    #[inline]
    fn revoke(&self) {
        if self.owner.load(Relaxed) > NOBODY {
            self.owner.store(NOBODY, SeqCst);
            let done = barrier::heavy();
            assert!(done, "the process has taken the system call `membarrier` from itself");
        }
    }

    /// The guard of the holder of the mutex, who becomes the owner if he has locked often enough in a row.
    #[inline]
    fn enter<'l>(&'l self, mut streak: MutexGuard<'l, Streak>) -> Guard<'l, T> {
        if self.owner.load(Relaxed) == OPEN && barrier::MAY_BE_LIGHT {
            if let Some(slot) = thread::own_or_new() {
                let me = ptr::from_ref(slot).addr();
                if streak.thread != me {
                    *streak = Streak { thread: me, length: 0 };
                }
                streak.length += 1;
                if streak.length >= STREAK {
                    self.held.store(true, Relaxed);
                    self.owner.store(me, Relaxed);
                    return Guard { lock: self, mutex: None };
                }
            }
        }
        Guard { lock: self, mutex: Some(streak) }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if self.mutex.is_none() {
            self.lock.held.store(false, Release);
        }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: by the invariants no other thread has the value, and the guard is borrowed.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, exclusively.
        unsafe { &mut *self.lock.value.get() }
    }
}
