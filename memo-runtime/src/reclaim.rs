//! When may something that a reader without a lock could still reach be freed?
//!
//! By *asymmetric epochs*. A reader announces itself with plain stores to a slot of its own thread; the rare forgetting
//! side pays for the ordering between the two.
//!
//! ```text
//! reader                                        forgetting
//! R0  slot.place = the store                    F1  unlink
//! R1  slot.epoch = EPOCH                        F2  tag = EPOCH.fetch_add(1)
//! R2  light barrier                             F3  heavy barrier
//! R3  follow links, use what is found           F4  look at the slots: free unless one has an epoch
//! R4  slot.epoch = 0                                in 1..=tag and the place of this store
//! ```
//!
//! On Linux the light barrier only holds back the compiler and the heavy one is the system call `membarrier`, which
//! makes every running thread of the process execute a full barrier. Elsewhere both are sequentially consistent fences.
//! The place makes that what one store forgets never waits for readers of another one.
//!
//! # Why it is correct
//!
//! Let a reader reach, in R3, something with the tag `t` that is freed after a look F4 at the reader's slot. The two
//! barriers are ordered one way or the other.
//!
//! - *R2 before F3*: F4 sees the store R1 or a later one to the epoch. If it is R1's, with an epoch at most `t`, it also
//!   sees R0 or a later store to the place; if it is R0's, nothing is freed. If R1 stored more than `t`, the reader had
//!   loaded (acquire) what F2 or a later increment stored, so F1 happens before R3, which cannot have reached the unlinked
//!   thing. If the epoch or the place that F4 sees is of a later pin, it is a release that follows R3 in the reader's
//!   thread and F4 is an acquire: R3 happens before the freeing.
//! - *F3 before R2*: R3 sees F1, and reaches nothing that was unlinked.
//!
//! A slot that F4 does not find in the list is covered by the same argument, with the registration of the slot in the
//! place of R1. Looking again later needs no further barrier: it happens after F3 (the limbo list is handed on
//! under a lock), which is all that the argument asks of F4. A store that has moved had no readers when it did.
//!
//! Pins nest, and end in reverse order, also by unwinding, because [`pinned`] takes a closure, and who holds a [`quick_pin`]
//! has it in a local variable. An inner pin of the same
//! store relies on the outer one, an inner pin of another store takes a slot of its own. The own slots count like any other:
//! code of the user that runs under a pin and forgets what it is just reading frees nothing of it.
//!
//! # Invariants that the unsafe code relies on
//!
//! - Slots are leaked, so `&'static Slot` is always good; there are as many as there were ever threads pinned at a time.
//! - Only the thread that holds `taken` stores to `epoch` and `place`.

mod barrier;
mod limbo;

pub(crate) use self::limbo::Limbo;
#[cfg(loom)]
use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};
#[cfg(not(loom))]
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};
use std::{
    ptr,
    sync::atomic::{
        Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
        compiler_fence,
    },
};

/// The epoch of a slot whose thread is not pinned.
const IDLE: u64 = 0;
/// The tag of garbage whose heavy barrier failed: it waits for `&mut`.
const NEVER: u64 = u64::MAX;

/// Which store a reader is in: its address, which does not change while it is borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl Place {
    #[inline]
    pub(crate) fn of<T>(store: &T) -> Self {
        Self(ptr::from_ref(store).addr())
    }
}

/// Where one thread announces that it is reading.
#[repr(align(128))]
struct Slot {
    epoch: AtomicU64,
    place: AtomicUsize,
    /// Whether the heavy barrier does the reader's part.
    light: bool,
    taken: AtomicBool,
    next: *const Slot,
}

// SAFETY: `next` is written before the slot is published and points to a slot, which is never freed.
unsafe impl Send for Slot {}
// SAFETY: as above; the other fields are atomic or never written.
unsafe impl Sync for Slot {}

impl Slot {
    /// R0 to R2, unless the slot is in use already; whether it was not. `light` is the slot's, known beforehand.
    #[inline]
    fn enter(&self, domain: &Domain, Place(place): Place, light: bool) -> bool {
        if self.epoch.load(Relaxed) != IDLE {
            return false;
        }
        // Both are releases, so that F4 synchronises with the reads of earlier pins whatever it sees.
        self.place.store(place, Release);
        self.epoch.store(domain.epoch.load(Acquire), Release);
        if light {
            compiler_fence(SeqCst);
        } else {
            fence(SeqCst);
        }
        true
    }

    /// R4.
    #[inline]
    fn exit(&self) {
        self.epoch.store(IDLE, Release);
    }

    /// Whether a pin of that store may rely on this slot, which is in use.
    fn covers(&self, Place(place): Place) -> bool {
        self.place.load(Relaxed) == place
    }

    /// Lets another thread have the slot.
    fn release(&self) {
        debug_assert_eq!(self.epoch.load(Relaxed), IDLE, "a thread ended while it was pinned");
        self.taken.store(false, Release);
    }
}

/// The epoch, and the slots of those who follow it. One for the process; models have their own.
#[repr(align(128))]
struct Domain {
    epoch: AtomicU64,
    slots: AtomicPtr<Slot>,
}

impl Domain {
    #[cfg(not(loom))]
    const fn new() -> Self {
        Self { epoch: AtomicU64::new(IDLE + 1), slots: AtomicPtr::new(ptr::null_mut()) }
    }

    #[cfg(loom)]
    fn new() -> Self {
        Self { epoch: AtomicU64::new(IDLE + 1), slots: AtomicPtr::new(ptr::null_mut()) }
    }

    fn slots(&self) -> impl Iterator<Item = &'static Slot> {
        // SAFETY: the list links slots, which are never freed; the acquire pairs with `acquire`'s release.
        let first = unsafe { self.slots.load(Acquire).as_ref::<'static>() };
        // SAFETY: as above.
        std::iter::successors(first, |slot| unsafe { slot.next.as_ref::<'static>() })
    }

    /// A slot that nobody else holds.
    fn acquire(&self) -> &'static Slot {
        for slot in self.slots() {
            if !slot.taken.load(Relaxed)
                && slot.taken.compare_exchange(false, true, Acquire, Relaxed).is_ok()
            {
                return slot;
            }
        }
        let slot = Box::into_raw(Box::new(Slot {
            epoch: AtomicU64::new(IDLE),
            place: AtomicUsize::new(0),
            light: barrier::is_light(),
            taken: AtomicBool::new(true),
            next: ptr::null(),
        }));
        let mut next = self.slots.load(Acquire);
        loop {
            // SAFETY: the slot is not published yet, so nobody else looks at it.
            unsafe { (*slot).next = next };
            match self.slots.compare_exchange(next, slot, AcqRel, Acquire) {
                // SAFETY: slots are never freed.
                Ok(_) => return unsafe { &*slot },
                Err(newer) => next = newer,
            }
        }
    }

    /// F2 and F3: the tag of what the caller has unlinked.
    fn advance(&self) -> u64 {
        let tag = self.epoch.fetch_add(1, SeqCst);
        if barrier::heavy() { tag } else { NEVER }
    }

    /// F4: what has a lower tag than this can no longer be reached by readers of that store.
    fn horizon(&self, place: Place) -> u64 {
        self.slots()
            .map(|slot| (slot.epoch.load(Acquire), slot))
            .filter(|&(epoch, _)| epoch != IDLE)
            .filter(|(_, slot)| Place(slot.place.load(Acquire)) == place)
            .map(|(epoch, _)| epoch)
            .min()
            .unwrap_or(NEVER)
    }
}

/// Runs `read` while the thread is pinned: nothing that it reaches through a link of the store is freed meanwhile.
/// `read` may run any code, also code that pins or forgets.
#[inline]
pub(crate) fn pinned<T, R>(store: &T, read: impl FnOnce() -> R) -> R {
    let _guard = thread::enter(Place::of(store));
    read()
}

/// A pin of the thread's own slot, unless that is in use or there is none. Nearly every pin can be one: three loads and
/// three stores. Pins have to end in reverse order, so it is not to be handed on.
#[inline(always)]
#[allow(clippy::inline_always, reason = "an outlined pin more than doubles what a hit costs")]
pub(crate) fn quick_pin<T>(store: &T) -> Option<thread::QuickPin> {
    thread::quick_pin(Place::of(store))
}

#[cfg(not(loom))]
mod thread {
    use super::{Domain, Place, Slot, barrier};
    use std::cell::Cell;

    pub(super) static DOMAIN: Domain = Domain::new();

    thread_local! {
        /// The thread's slot, if it is of the usual kind. No destructor, so that a look at it costs nothing, and works
        /// while the thread ends.
        static USUAL: Cell<Option<&'static Slot>> = const { Cell::new(None) };
        static OWNER: Owner = const { Owner(Cell::new(None)) };
    }

    /// Gives the slot back when the thread ends.
    struct Owner(Cell<Option<&'static Slot>>);

    impl Drop for Owner {
        fn drop(&mut self) {
            // Where thread-locals are emulated, `USUAL` may be gone before.
            let _ = USUAL.try_with(|cell| cell.set(None));
            if let Some(slot) = self.0.take() {
                slot.release();
            }
        }
    }

    /// Ends a pin of the thread's own slot.
    pub(crate) struct QuickPin(&'static Slot);

    impl Drop for QuickPin {
        #[inline]
        fn drop(&mut self) {
            self.0.exit();
        }
    }

    #[inline]
    pub(super) fn quick_pin(place: Place) -> Option<QuickPin> {
        let slot = USUAL.try_with(Cell::get).ok()??;
        if slot.enter(&DOMAIN, place, barrier::USUALLY_LIGHT) { Some(QuickPin(slot)) } else { None }
    }

    /// Ends a pin.
    pub(super) enum Guard {
        /// The slot is the thread's.
        Own { _pin: QuickPin },
        /// An outer pin does all that is needed.
        Covered,
        /// The slot is only held for the duration of the pin.
        Temporary(&'static Slot),
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            if let Self::Temporary(slot) = self {
                slot.exit();
                slot.release();
            }
        }
    }

    pub(super) fn enter(place: Place) -> Guard {
        match quick_pin(place) {
            Some(pin) => Guard::Own { _pin: pin },
            None => enter_slowly(place),
        }
    }

    #[cold]
    fn enter_slowly(place: Place) -> Guard {
        let own = OWNER.try_with(|owner| owner.0.get()).ok().flatten();
        if let Some(slot) = own {
            if slot.enter(&DOMAIN, place, slot.light) {
                return Guard::Own { _pin: QuickPin(slot) };
            }
            if slot.covers(place) {
                return Guard::Covered;
            }
        }
        let slot = DOMAIN.acquire();
        slot.enter(&DOMAIN, place, slot.light);
        if own.is_none() && make_own(slot) {
            return Guard::Own { _pin: QuickPin(slot) };
        }
        Guard::Temporary(slot)
    }

    /// Makes the slot the thread's, unless the thread is about to end.
    fn make_own(slot: &'static Slot) -> bool {
        let owned = OWNER.try_with(|owner| owner.0.set(Some(slot))).is_ok();
        if owned && slot.light == barrier::USUALLY_LIGHT {
            // Without it, pins are slow, that is all.
            let _ = USUAL.try_with(|cell| cell.set(Some(slot)));
        }
        owned
    }
}

/// Under loom every pin takes a slot for its duration.
#[cfg(loom)]
mod thread {
    use super::{Domain, Place, Slot};

    loom::lazy_static! {
        pub(super) static ref DOMAIN: Domain = Domain::new();
    }

    pub(super) struct Guard(&'static Slot);

    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.exit();
            self.0.release();
        }
    }

    pub(super) fn enter(place: Place) -> Guard {
        let slot = DOMAIN.acquire();
        slot.enter(&DOMAIN, place, slot.light);
        Guard(slot)
    }

    /// Never quick here.
    pub(crate) enum QuickPin {}

    pub(super) fn quick_pin(_place: Place) -> Option<QuickPin> {
        None
    }
}

/// To be called when something has been unlinked: the tag to give to [`Limbo::add`].
pub(crate) fn advance() -> u64 {
    thread::DOMAIN.advance()
}

/// Run by `RUSTFLAGS="--cfg loom" cargo test -p memo-runtime --release loom`.
#[cfg(all(test, loom))]
mod loom_tests;

#[cfg(all(test, not(loom)))]
mod tests;
