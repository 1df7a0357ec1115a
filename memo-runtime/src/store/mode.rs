//! What differs between a store for threads and an `unsync` one?
//!
//! | | [`Threads`] | [`Local`] |
//! |---|---|---|
//! | may be shared | if keys and values may | never |
//! | the lock | [`reclaim::Lock`] | `RefCell` |
//! | read-modify-write | atomic | a load and a store |
//! | values that need `Drop` in a store with exact order | `Arc` | `Rc` |
//!
//! The code is the same. What a store of one thread does with atomics are loads and stores, which cost it nothing.
//!
//! # Invariants
//!
//! - All auto traits of all stores are decided by [`Owns`], and by nothing else: every other field has them all.

use std::{
    cell::{Cell, RefCell, RefMut},
    marker::PhantomData,
    ops::{Deref, DerefMut},
    panic::{RefUnwindSafe, UnwindSafe},
    rc::Rc,
    sync::{
        Arc,
        atomic::Ordering::{AcqRel, Acquire, Relaxed, Release},
    },
};

use crate::{
    reclaim,
    sync::{AtomicPtr, AtomicU64},
};

/// The parts of a store that depend on whether threads share it.
pub trait Mode: Sized + 'static {
    /// Whether threads share the store.
    const SHARED: bool;
    /// The lock.
    type Lock<T>: Lock<T>;
    /// A shared pointer to a value.
    type Shared<V>: Clone + Deref<Target = V> + From<V>;
    /// Adds one; the sum.
    fn bump(count: &AtomicU64) -> u64;
    /// Stores `new` if the pointer is `old`; otherwise what it is.
    fn swap_if<T>(pointer: &AtomicPtr<T>, old: *mut T, new: *mut T) -> Result<(), *mut T>;
}

/// For stores that threads share.
pub struct Threads;
/// For stores that belong to one thread at a time.
pub struct Local;

/// A lock.
pub trait Lock<T> {
    /// A held lock.
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;
    /// A held lock under which code of the user may run.
    type Held<'a>: DerefMut<Target = T>
    where
        Self: 'a;
    /// The value, not locked.
    fn new(value: T) -> Self;
    /// Waits for the lock, which this thread does not have: it runs no code of the user under it.
    fn lock(&self) -> Self::Guard<'_>;
    /// The lock, if that takes next to nothing and this thread does not have it: it runs no code of the user under it.
    fn hold_quick(&self) -> Option<Self::Guard<'_>>;
    /// The lock; or nothing, where waiting for it could be waiting for this thread. `runs_code` says whether code of the
    /// user may run under it; it is the same in all calls.
    fn hold(&self, runs_code: bool) -> Option<Self::Held<'_>>;
}

impl Mode for Threads {
    const SHARED: bool = true;
    type Lock<T> = reclaim::Lock<T>;
    type Shared<V> = Arc<V>;
    fn bump(count: &AtomicU64) -> u64 {
        count.fetch_add(1, AcqRel) + 1
    }
    fn swap_if<T>(pointer: &AtomicPtr<T>, old: *mut T, new: *mut T) -> Result<(), *mut T> {
        pointer.compare_exchange(old, new, AcqRel, Acquire).map(|_| ())
    }
}

impl Mode for Local {
    const SHARED: bool = false;
    type Lock<T> = RefCell<T>;
    type Shared<V> = Rc<V>;
    fn bump(count: &AtomicU64) -> u64 {
        let sum = count.load(Relaxed) + 1;
        count.store(sum, Relaxed);
        sum
    }
    fn swap_if<T>(pointer: &AtomicPtr<T>, old: *mut T, new: *mut T) -> Result<(), *mut T> {
        let present = pointer.load(Acquire);
        if present != old {
            return Err(present);
        }
        pointer.store(new, Release);
        Ok(())
    }
}

thread_local! {
    /// Whether this thread holds a lock under which code of the user runs.
    static HOLDING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread holds a lock under which code of the user runs, so that it must not wait for other threads.
pub(crate) fn is_holding() -> bool {
    HOLDING.try_with(Cell::get).unwrap_or(false)
}

/// Says that this thread holds a lock under which code of the user runs, for as long as it lives.
pub struct Holding {
    before: bool,
}

impl Holding {
    #[inline]
    fn begin() -> Self {
        Holding { before: HOLDING.replace(true) }
    }
}

impl Drop for Holding {
    #[inline]
    fn drop(&mut self) {
        HOLDING.set(self.before);
    }
}

/// A held [`reclaim::Lock`]. It is let go of before the thread says that it holds none.
pub struct Held<'a, T> {
    value: reclaim::Guard<'a, T>,
    _holding: Option<Holding>,
}

impl<T> Deref for Held<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Held<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

// A thread that would have to wait while it is in code of the user that runs under a lock is refused. Under other locks
// nothing is waited for, so that waiting for one always ends.
impl<T> Lock<T> for reclaim::Lock<T> {
    type Guard<'a>
        = reclaim::Guard<'a, T>
    where
        T: 'a;
    type Held<'a>
        = Held<'a, T>
    where
        T: 'a;
    fn new(value: T) -> Self {
        reclaim::Lock::new(value)
    }
    #[inline]
    fn lock(&self) -> reclaim::Guard<'_, T> {
        self.lock()
    }
    #[inline]
    fn hold_quick(&self) -> Option<reclaim::Guard<'_, T>> {
        self.hold_quick()
    }
    #[inline]
    fn hold(&self, runs_code: bool) -> Option<Held<'_, T>> {
        let value = self.hold(|| !(runs_code && HOLDING.get()))?;
        Some(Held { value, _holding: runs_code.then(Holding::begin) })
    }
}

impl<T> Lock<T> for RefCell<T> {
    type Guard<'a>
        = RefMut<'a, T>
    where
        T: 'a;
    type Held<'a>
        = RefMut<'a, T>
    where
        T: 'a;
    fn new(value: T) -> Self {
        RefCell::new(value)
    }
    #[inline]
    fn lock(&self) -> RefMut<'_, T> {
        self.borrow_mut()
    }
    #[inline]
    fn hold_quick(&self) -> Option<RefMut<'_, T>> {
        self.try_borrow_mut().ok()
    }
    #[inline]
    fn hold(&self, _runs_code: bool) -> Option<RefMut<'_, T>> {
        self.try_borrow_mut().ok()
    }
}

/// Says what a store owns, and in which mode.
pub(crate) struct Owns<T, S>(PhantomData<(T, S, *mut T)>);

impl<T, S> Owns<T, S> {
    pub(crate) const NEW: Self = Self(PhantomData);
}

// SAFETY: keys and values go where the store goes. Nothing else that belongs to it stays behind: a shared pointer to a value
// leaves the store only for the time of a call that borrows it.
unsafe impl<T: Send, S> Send for Owns<T, S> {}
// SAFETY: with `Threads`, all that a store does through `&self` is atomic or locked. Threads read each other's keys and values
// (`Sync`), take them in and drop them (`Send`).
unsafe impl<T: Send + Sync> Sync for Owns<T, Threads> {}
impl<T, S> Unpin for Owns<T, S> {}
// A panic in code of a key or a value leaves the store itself in order: an entry less, never half an entry.
impl<T: UnwindSafe, S> UnwindSafe for Owns<T, S> {}
impl<T: RefUnwindSafe, S> RefUnwindSafe for Owns<T, S> {}

/// A part of a store whose auto traits the [`Owns`] beside it decides.
pub(crate) struct Undecided<T>(pub(crate) T);

impl<T> Deref for Undecided<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

// SAFETY: it is only a part, and the `Owns` beside it says what holds for the whole; here and below.
unsafe impl<T> Send for Undecided<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Undecided<T> {}
impl<T> Unpin for Undecided<T> {}
impl<T> UnwindSafe for Undecided<T> {}
impl<T> RefUnwindSafe for Undecided<T> {}
