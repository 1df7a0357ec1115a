//! How does a part of a store cost one pointer until it is needed?
//!
//! Invariants of [`Lazy`]:
//!
//! - The pointer is null, or comes from `Box::into_raw`.
//! - Through `&self` it goes from null to a box once, and then stays as it is: references to what it points to live as long as
//!   the borrow of the `Lazy`. Only `&mut self` takes the box back.

use std::{
    marker::PhantomData,
    ptr,
    sync::atomic::Ordering::{Acquire, Relaxed},
};

use super::mode::{Mode, Undecided};
use crate::sync::{AtomicPtr, const_new};

/// A box that is built when it is first needed.
pub(crate) struct Lazy<T, S: Mode> {
    at: Undecided<AtomicPtr<T>>,
    mode: PhantomData<fn() -> S>,
}

impl<T, S: Mode> Lazy<T, S> {
    const_new! {
        pub(crate) fn new() -> Self {
            Lazy { at: Undecided(AtomicPtr::new(ptr::null_mut())), mode: PhantomData }
        }
    }

    /// What was built, if anything was.
    #[inline]
    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box that is not freed while `self` is borrowed.
        unsafe { self.at.load(Acquire).as_ref() }
    }

    /// What was built, or is built now. Of what several threads build at once, one is kept.
    #[inline]
    pub(crate) fn get_or_build(&self, build: impl FnOnce() -> T) -> &T {
        self.get().unwrap_or_else(|| self.build(build).0)
    }

    /// [`Lazy::get_or_build`], and whether it was built by this call.
    #[cold]
    #[inline(never)]
    pub(crate) fn build(&self, build: impl FnOnce() -> T) -> (&T, bool) {
        let new = Box::into_raw(Box::new(build()));
        match S::swap_if(&self.at, ptr::null_mut(), new) {
            // SAFETY: as in `get`.
            Ok(()) => (unsafe { &*new }, true),
            Err(first) => {
                // SAFETY: it comes from `Box::into_raw` just now, and nobody else has seen it.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as in `get`.
                (unsafe { &*first }, false)
            }
        }
    }

    /// Takes out what was built.
    pub(crate) fn take(&mut self) -> Option<Box<T>> {
        let at = self.at.load(Relaxed);
        self.at.store(ptr::null_mut(), Relaxed);
        // SAFETY: it comes from `Box::into_raw`, has just been taken out, and `&mut self` says that nobody uses it.
        (!at.is_null()).then(|| unsafe { Box::from_raw(at) })
    }
}

impl<T, S: Mode> Drop for Lazy<T, S> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::store::mode::{Local, Threads};
    use std::{sync::Barrier, thread};

    #[test]
    fn what_was_built_first_stays() {
        fn check<S: Mode>() {
            let mut lazy = Lazy::<u64, S>::new();
            assert_eq!(lazy.get(), None);
            assert_eq!(*lazy.get_or_build(|| 7), 7);
            assert_eq!(lazy.build(|| 8), (&7, false));
            assert_eq!(lazy.take().as_deref(), Some(&7));
            assert!(lazy.take().is_none());
            assert_eq!(lazy.build(|| 9), (&9, true));
        }
        check::<Threads>();
        check::<Local>();
    }

    #[test]
    fn of_what_threads_build_at_once_one_is_kept() {
        for _ in 0..100 {
            let (lazy, barrier) = (Lazy::<u64, Threads>::new(), Barrier::new(2));
            let build = |number| {
                barrier.wait();
                let (built, is_own) = lazy.build(|| number);
                assert_eq!(is_own, *built == number);
                *built
            };
            let (one, other) = thread::scope(|scope| {
                let one = scope.spawn(|| build(1));
                (build(2), one.join().expect("no panic"))
            });
            assert_eq!(one, other);
        }
    }
}
