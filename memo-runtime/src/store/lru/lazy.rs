//! How does a store cost one pointer until it is used?
//!
//! Invariants of [`Lazy`]:
//!
//! - While it is *cold*, the pointer has no provenance and an odd address, `2n + 1`, where `n` says how often everything
//!   was forgotten. While it is *warm*, the pointer comes from `Box::into_raw`, and its address is even.
//! - Through `&self` it becomes warm at most once and then stays as it is: references to what it points to live as long as
//!   the borrow of the `Lazy`. Only `&mut self` makes it cold again.

use std::{
    marker::PhantomData,
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

use crate::{
    store::mode::{Mode, Undecided},
    sync::{AtomicPtr, const_new},
};

/// A box that is built when it is first needed.
pub(crate) struct Lazy<T, S: Mode> {
    at: Undecided<AtomicPtr<T>>,
    mode: PhantomData<fn() -> S>,
}

impl<T, S: Mode> Lazy<T, S> {
    const_new! {
        pub(crate) fn new() -> Self {
        const { assert!(align_of::<T>() >= 2, "the lowest bit of the address is ours") };
        Lazy { at: Undecided(AtomicPtr::new(ptr::without_provenance_mut(1))), mode: PhantomData }
        }
    }

    /// What was built, or how often everything was forgotten before anything was.
    #[inline]
    pub(crate) fn get(&self) -> Result<&T, u64> {
        let at = self.at.load(Acquire);
        if is_cold(at) {
            return Err(count(at));
        }
        // SAFETY: A warm pointer comes from `Box::into_raw`, and is not freed while `self` is borrowed.
        Ok(unsafe { &*at })
    }

    /// What was built, or is built now by `build` from the number of forgettings.
    #[inline]
    pub(crate) fn get_or_build(&self, build: impl Fn(u64) -> T) -> &T {
        self.get().unwrap_or_else(|_| self.build(build))
    }

    #[cold]
    #[inline(never)]
    fn build(&self, build: impl Fn(u64) -> T) -> &T {
        loop {
            let at = self.at.load(Acquire);
            if is_cold(at) {
                let new = Box::into_raw(Box::new(build(count(at))));
                if S::swap_if(&self.at, at, new).is_ok() {
                    // SAFETY: It comes from `Box::into_raw`, and is not freed while `self` is borrowed.
                    return unsafe { &*new };
                }
                // SAFETY: It comes from `Box::into_raw` just now, and nobody else has seen it.
                drop(unsafe { Box::from_raw(new) });
            } else {
                // SAFETY: As in `get`.
                return unsafe { &*at };
            }
        }
    }

    /// What was built. If nothing was, the number of forgettings goes up.
    pub(crate) fn get_or_forget(&self) -> Option<&T> {
        loop {
            let at = self.at.load(Acquire);
            if !is_cold(at) {
                // SAFETY: As in `get`.
                return Some(unsafe { &*at });
            }
            let more = ptr::without_provenance_mut(at.addr().wrapping_add(2));
            if S::swap_if(&self.at, at, more).is_ok() {
                return None;
            }
        }
    }

    /// Makes this cold.
    pub(crate) fn take(&mut self) -> Option<Box<T>> {
        let at = self.at.load(Relaxed);
        self.at.store(ptr::without_provenance_mut(1), Relaxed);
        // SAFETY: A warm pointer comes from `Box::into_raw`; it has just been taken out, and `&mut self` says that
        // nobody uses it.
        (!is_cold(at)).then(|| unsafe { Box::from_raw(at) })
    }
}

impl<T, S: Mode> Drop for Lazy<T, S> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

#[inline]
fn is_cold<T>(at: *mut T) -> bool {
    at.addr() & 1 == 1
}

/// What the address of a cold pointer says.
fn count<T>(at: *mut T) -> u64 {
    (at.addr() >> 1) as u64
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::store::mode::Threads;

    #[test]
    fn cold_forgettings_are_counted_without_a_box() {
        let lazy = Lazy::<u64, Threads>::new();
        assert_eq!(lazy.get(), Err(0));
        assert!(lazy.get_or_forget().is_none());
        assert!(lazy.get_or_forget().is_none());
        assert_eq!(lazy.get(), Err(2));
        assert_eq!(*lazy.get_or_build(|count| count + 10), 12);
        assert_eq!(lazy.get_or_forget(), Some(&12));
    }

    #[test]
    fn taking_makes_it_cold() {
        let mut lazy = Lazy::<u64, Threads>::new();
        lazy.get_or_build(|_| 7);
        assert_eq!(lazy.take().as_deref(), Some(&7));
        assert_eq!(lazy.get(), Err(0));
        assert!(lazy.take().is_none());
    }
}
