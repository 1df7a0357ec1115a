//! Where do threads say that they read, and who looks at it?
//!
//! # Invariants
//!
//! - The slots of a [`Domain`] are leaked boxes, so that none is ever freed. `next` is written before a slot is published, and never again.

use std::{
    ptr,
    sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
};

use super::{Place, barrier};
use crate::sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};

/// The epoch of a slot whose thread is not pinned.
pub(super) const IDLE: u64 = 0;

/// Where one thread announces that it is reading.
#[repr(align(128))]
pub(super) struct Slot {
    pub(super) epoch: AtomicU64,
    pub(super) place: AtomicUsize,
    /// The store that a leaf pin is in.
    pub(super) leaf: AtomicUsize,
    /// Whether the heavy barrier does the reader's part.
    pub(super) light: bool,
    /// Whether something waits for the end of the pin.
    pub(super) wanted: AtomicBool,
    pub(super) taken: AtomicBool,
    next: *const Slot,
}

// SAFETY: `next` is written before the slot is published and points to a slot, which is never freed.
unsafe impl Send for Slot {}
// SAFETY: as above; the other fields are atomic or never written.
unsafe impl Sync for Slot {}

impl Slot {
    /// R0 to R2, unless the slot is in use already; whether it was not. `light` is the slot's, known beforehand.
    #[inline]
    pub(super) fn enter(&self, domain: &Domain, Place(place): Place, light: bool) -> bool {
        if self.epoch.load(Relaxed) != IDLE {
            return false;
        }
        // Both are releases, so that F4 synchronises with the reads of earlier pins whatever it sees.
        self.place.store(place, Release);
        self.epoch.store(domain.epoch.load(Acquire), Release);
        barrier::light(light);
        true
    }

    /// R4 and R5; whether something waits for it.
    #[inline]
    pub(super) fn exit(&self, light: bool) -> bool {
        self.epoch.store(IDLE, Release);
        barrier::light(light);
        self.wanted.load(Relaxed)
    }

    /// Whether a pin of that store may rely on this slot, which is in use.
    pub(super) fn covers(&self, Place(place): Place) -> bool {
        self.place.load(Relaxed) == place
    }

    /// Lets another thread have the slot, unless its own one ends while it is pinned: code of a key has ended the process.
    pub(super) fn release(&self) {
        if self.epoch.load(Relaxed) == IDLE && self.leaf.load(Relaxed) == 0 {
            self.taken.store(false, Release);
        }
    }
}

/// The epoch, and the slots of those who follow it. One for the process; models have their own.
#[repr(align(128))]
pub(super) struct Domain {
    pub(super) epoch: AtomicU64,
    slots: AtomicPtr<Slot>,
}

impl Domain {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self { epoch: AtomicU64::new(IDLE + 1), slots: AtomicPtr::new(ptr::null_mut()) }
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self { epoch: AtomicU64::new(IDLE + 1), slots: AtomicPtr::new(ptr::null_mut()) }
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = &'static Slot> {
        // SAFETY: the list links slots, which are never freed; the acquire pairs with `acquire`'s release.
        let first = unsafe { self.slots.load(Acquire).as_ref::<'static>() };
        // SAFETY: as above.
        std::iter::successors(first, |slot| unsafe { slot.next.as_ref::<'static>() })
    }

    /// A slot that nobody else holds.
    pub(super) fn acquire(&self) -> &'static Slot {
        for slot in self.slots() {
            if !slot.taken.load(Relaxed)
                && slot.taken.compare_exchange(false, true, Acquire, Relaxed).is_ok()
            {
                fence(SeqCst);
                return slot;
            }
        }
        let slot = Box::into_raw(Box::new(Slot {
            epoch: AtomicU64::new(IDLE),
            place: AtomicUsize::new(0),
            leaf: AtomicUsize::new(0),
            light: barrier::is_light(),
            wanted: AtomicBool::new(false),
            taken: AtomicBool::new(true),
            next: ptr::null(),
        }));
        let mut next = self.slots.load(Acquire);
        loop {
            // SAFETY: the slot is not published yet, so nobody else looks at it.
            unsafe { (*slot).next = next };
            match self.slots.compare_exchange(next, slot, AcqRel, Acquire) {
                Ok(_) => {
                    fence(SeqCst);
                    // SAFETY: slots are never freed.
                    return unsafe { &*slot };
                }
                Err(newer) => next = newer,
            }
        }
    }

    /// F2.
    pub(super) fn advance(&self) -> u64 {
        self.epoch.fetch_add(1, SeqCst)
    }

    /// F3; whether it took place. `own` is the slot of this thread.
    pub(super) fn barrier(&self, own: Option<&'static Slot>) -> bool {
        fence(SeqCst);
        let is_own = |slot: &Slot| own.is_some_and(|own| ptr::eq(own, slot));
        let others = self.slots().any(|slot| slot.taken.load(Relaxed) && !is_own(slot));
        let done = !others || barrier::heavy();
        fence(SeqCst);
        done
    }

    /// F4 and F5: what has a lower tag than this can no longer be reached by readers of that store; and whether a reader
    /// that is in the way of `tag` was marked just now.
    pub(super) fn horizon(&self, place: Place, tag: u64) -> (u64, bool) {
        let (mut horizon, mut marked) = (u64::MAX, false);
        for slot in self.slots() {
            let epoch = slot.epoch.load(Acquire);
            if epoch == IDLE || Place(slot.place.load(Acquire)) != place {
                continue;
            }
            horizon = horizon.min(epoch);
            if epoch <= tag && !slot.wanted.load(Relaxed) {
                slot.wanted.store(true, Relaxed);
                marked = true;
            }
        }
        (horizon, marked)
    }
}
