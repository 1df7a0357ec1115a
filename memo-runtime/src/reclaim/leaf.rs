//! How is a reader protected that only copies plain data?
//!
//! While such a reader is pinned no code of the user runs, and nothing else is pinned: the pin is a *leaf*, and over after a
//! few instructions. So it announces itself in a word of its slot that nobody else uses, without asking whether the slot is
//! in use, which epoch it is, or whether something waits for it: who forgets waits for the reader.
//!
//! ```text
//! reader                                        forgetting
//! L0  slot.leaf = the store                     F1  unlink
//! L1  light barrier                             F2  take a tag
//! L2  follow links, copy what is found          F3  heavy barrier
//! L3  slot.leaf = nothing                       F4  for each slot: wait while its leaf is this store; then free
//! ```
//!
//! If L1 comes before F3, F4 sees L0, and waits; or a later store to the leaf, which is a release that follows L2, and F4
//! an acquire: L2 happens before the freeing. If F3 comes before L1, L2 sees F1, and reaches nothing that was unlinked.
//!
//! A reader can be stopped by the system amid these instructions. Who forgets gives it a while to be run again, and then
//! leaves what it has forgotten to the next one.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{
    Place, barrier,
    slot::{Domain, Slot},
};
use crate::sync::yield_now;

/// How often a thread that forgets lets others run before it gives up.
const MOST_YIELDS: u32 = 10_000;

impl Slot {
    /// L0 and L1. `light` is the slot's, known beforehand.
    #[inline]
    pub(super) fn enter_leaf(&self, Place(place): Place, light: bool) {
        debug_assert_eq!(self.leaf.load(Relaxed), 0, "nothing is pinned under a leaf pin");
        self.leaf.store(place, Release);
        barrier::light(light);
    }

    /// L3.
    #[inline]
    pub(super) fn exit_leaf(&self) {
        self.leaf.store(0, Release);
    }
}

impl Domain {
    /// F4: waits until all leaf pins of that store have ended that were there before; whether they have.
    pub(super) fn await_leaves(&self, Place(place): Place) -> bool {
        let mut yields = 0;
        for slot in self.slots() {
            while slot.leaf.load(Acquire) == place {
                if yields == MOST_YIELDS {
                    return false;
                }
                yields += 1;
                yield_now();
            }
        }
        true
    }
}
