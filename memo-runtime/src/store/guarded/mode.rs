//! What differs between a store for threads and an `unsync` one?
//!
//! | | [`Threads`] | [`Local`] |
//! |---|---|---|
//! | the root pointer | `AtomicPtr` | `Cell` |
//! | the lock | `Mutex` | `RefCell` |
//! | the number of forgettings | `AtomicU64` | `Cell` |
//! | values that need `Drop` | `Arc` | `Rc` |
//!
//! A lock never waits where it could wait for itself: the thread that would have to wait while it holds a lock under which
//! code of the user runs (it is in a key's `Eq`, which is the only such code) is refused instead. Under other locks
//! nothing is waited for, so that waiting for one always ends.

use std::{
    cell::{Cell, RefCell, RefMut},
    ops::{Deref, DerefMut},
    ptr,
    rc::Rc,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{
            AtomicPtr, AtomicU64,
            Ordering::{AcqRel, Acquire},
        },
    },
};

/// The parts of a store that depend on whether threads share it.
pub(crate) trait Mode {
    type Pointer<T>: Pointer<T>;
    type Lock<T>: Lock<T>;
    type Count: Count;
    type Shared<V>: Clone + Deref<Target = V> + From<V>;
}

/// A cell for a pointer.
pub(crate) trait Pointer<T> {
    /// The pointer without provenance whose address is 1.
    const ONE: Self;
    fn load(&self) -> *mut T;
    /// Stores `new` if the pointer is `old`; says whether it was.
    fn swap_if(&self, old: *mut T, new: *mut T) -> bool;
    fn get_mut(&mut self) -> &mut *mut T;
}

/// A lock that refuses instead of waiting for its own thread.
pub(crate) trait Lock<T> {
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;
    fn new(value: T) -> Self;
    /// `runs_code` says whether code of the user may run under this lock; it is the same in all calls.
    fn hold(&self, runs_code: bool) -> Option<Self::Guard<'_>>;
}

/// A number that only grows.
pub(crate) trait Count {
    fn new(count: u64) -> Self;
    fn get(&self) -> u64;
    /// Adds one; the sum.
    fn bump(&self) -> u64;
}

/// For stores that threads share.
pub(crate) struct Threads;
/// For stores that belong to one thread at a time.
pub(crate) struct Local;

impl Mode for Threads {
    type Pointer<T> = AtomicPtr<T>;
    type Lock<T> = Mutex<T>;
    type Count = AtomicU64;
    type Shared<V> = Arc<V>;
}

impl Mode for Local {
    type Pointer<T> = Cell<*mut T>;
    type Lock<T> = RefCell<T>;
    type Count = Cell<u64>;
    type Shared<V> = Rc<V>;
}

impl<T> Pointer<T> for AtomicPtr<T> {
    const ONE: Self = AtomicPtr::new(ptr::without_provenance_mut(1));
    #[inline]
    fn load(&self) -> *mut T {
        self.load(Acquire)
    }
    fn swap_if(&self, old: *mut T, new: *mut T) -> bool {
        self.compare_exchange(old, new, AcqRel, Acquire).is_ok()
    }
    fn get_mut(&mut self) -> &mut *mut T {
        self.get_mut()
    }
}

impl<T> Pointer<T> for Cell<*mut T> {
    const ONE: Self = Cell::new(ptr::without_provenance_mut(1));
    #[inline]
    fn load(&self) -> *mut T {
        self.get()
    }
    fn swap_if(&self, old: *mut T, new: *mut T) -> bool {
        let same = ptr::eq(self.get(), old);
        if same {
            self.set(new);
        }
        same
    }
    fn get_mut(&mut self) -> &mut *mut T {
        self.get_mut()
    }
}

impl Count for AtomicU64 {
    fn new(count: u64) -> Self {
        AtomicU64::new(count)
    }
    #[inline]
    fn get(&self) -> u64 {
        self.load(Acquire)
    }
    fn bump(&self) -> u64 {
        self.fetch_add(1, AcqRel) + 1
    }
}

impl Count for Cell<u64> {
    fn new(count: u64) -> Self {
        Cell::new(count)
    }
    #[inline]
    fn get(&self) -> u64 {
        self.get()
    }
    fn bump(&self) -> u64 {
        self.set(self.get() + 1);
        self.get()
    }
}

thread_local! {
    /// Whether this thread holds a lock under which code of the user runs.
    static HOLDING: Cell<bool> = const { Cell::new(false) };
}

/// Says that this thread holds a lock under which code of the user runs, for as long as it lives.
struct Holding {
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

/// A held [`Mutex`]. It is let go of before the thread says that it holds none.
pub(crate) struct Held<'a, T> {
    value: MutexGuard<'a, T>,
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

impl<T> Lock<T> for Mutex<T> {
    type Guard<'a>
        = Held<'a, T>
    where
        T: 'a;
    fn new(value: T) -> Self {
        Mutex::new(value)
    }
    // A panic in a key's `Eq` poisons the mutex. It cannot leave the table in disorder, so that does not matter.
    #[inline]
    fn hold(&self, runs_code: bool) -> Option<Held<'_, T>> {
        let value = match self.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => wait(self, runs_code)?,
        };
        Some(Held { value, _holding: runs_code.then(Holding::begin) })
    }
}

/// Waits for the lock, unless this thread holds this very lock, or one that its holder may wait for.
#[cold]
fn wait<T>(lock: &Mutex<T>, runs_code: bool) -> Option<MutexGuard<'_, T>> {
    if runs_code && HOLDING.get() {
        return None;
    }
    Some(lock.lock().unwrap_or_else(PoisonError::into_inner))
}

impl<T> Lock<T> for RefCell<T> {
    type Guard<'a>
        = RefMut<'a, T>
    where
        T: 'a;
    fn new(value: T) -> Self {
        RefCell::new(value)
    }
    #[inline]
    fn hold(&self, _runs_code: bool) -> Option<RefMut<'_, T>> {
        self.try_borrow_mut().ok()
    }
}
