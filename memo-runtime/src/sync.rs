//! The atomics and locks of all that loom's models run: the standard library's, or loom's own.

#[cfg(loom)]
pub(crate) use loom::{
    sync::{
        Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, fence},
    },
    thread::yield_now,
};
#[cfg(not(loom))]
pub(crate) use std::{
    sync::{
        Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, fence},
    },
    thread::yield_now,
};

/// A constructor that is `const`, except in models: loom's atomics cannot be made when compiling.
macro_rules! const_new {
    ($(#[$attribute:meta])* $vis:vis fn new() -> Self $body:block) => {
        #[cfg(not(loom))]
        $(#[$attribute])*
        $vis const fn new() -> Self $body
        #[cfg(loom)]
        $(#[$attribute])*
        $vis fn new() -> Self $body
    };
}
pub(crate) use const_new;

/// Lies beside memory that models watch: they report a freeing that is not ordered with every use. Nothing otherwise.
#[derive(Default)]
pub(crate) struct Watched {
    #[cfg(loom)]
    cell: loom::cell::UnsafeCell<()>,
}

impl Watched {
    #[inline]
    #[allow(clippy::unused_self, reason = "models use it")]
    pub(crate) fn used(&self) {
        #[cfg(loom)]
        self.cell.with(|_| ());
    }

    #[inline]
    #[allow(clippy::unused_self, reason = "models use it")]
    pub(crate) fn freed(&self) {
        #[cfg(loom)]
        self.cell.with_mut(|_| ());
    }
}
