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
//! R5  light barrier                             F5  slot.wanted = true for each that is in the way, and
//! R6  slot.wanted? then free what waits             once more from F2, until none is newly wanted
//! ```
//!
//! On Linux the light barrier only holds back the compiler and the heavy one is the system call `membarrier`, which
//! makes every running thread of the process execute a full barrier. Elsewhere both are sequentially consistent fences.
//! The place makes that what one store forgets never waits for readers of another one.
//!
//! Readers that only compare and copy plain data do with less ([`leaf`]).
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
//! A slot that F4 does not find in the list, or finds free, is covered by the same argument, with the taking of the slot in
//! the place of R1. There is a fence after that ([`Domain::acquire`]), so that F3 may be a fence, too, if no slot but the
//! thread's own is taken: a process whose stores one thread reads makes no system calls.
//!
//! Who forgets seals all that waits in the store with the tag of F2, so that one barrier does for all of it, and runs no
//! barrier under a lock. It frees only up to its own tag: what was sealed later may not have had its barrier yet.
//!
//! # Why nothing waits for ever
//!
//! Garbage that is left was sealed before a barrier F3 after which a reader was seen in the way whose `wanted` was set
//! before that barrier. If R5 comes before F3, F4 sees R4. Otherwise R6 sees the mark: the reader frees. If the mark was
//! another thread's and set after F3, that thread goes on to F2 again, after our seal, and does for ours what it does for
//! its own. Only R6 takes the mark away; F4 sees a later pin of that slot together with that, as both are in one thread.
//!
//! # Nesting
//!
//! Pins nest, and end in reverse order, also by unwinding, because [`pinned`] takes a closure, and who holds a [`Pin`]
//! has it in a local variable. An inner pin of the same
//! store relies on the outer one, an inner pin of another store takes a slot of its own. The own slots count like any other:
//! code of the user that runs under a pin and forgets what it is just reading frees nothing of it.
//!
//! # Invariants that the unsafe code relies on
//!
//! - Slots are leaked, so `&'static Slot` is always good; there are as many as there were ever threads pinned at a time.
//! - Only the thread that holds `taken` stores to `epoch` and `place`.

mod barrier;
mod leaf;
mod limbo;
mod lock;
mod pin;
mod slot;
#[cfg(not(loom))]
mod thread;
#[cfg(loom)]
#[path = "reclaim/thread_in_models.rs"]
mod thread;

use std::ptr;

use self::slot::{Domain, Slot};
pub(crate) use self::{
    limbo::Limbo,
    pin::{Pin, pin, pinned, quick_pin},
};
pub use self::{
    lock::{Guard, Lock},
    pin::Seen,
};

/// A store, or a part of one, that readers pin.
pub trait Host {
    /// What it forgets. Frees what it is when dropped, which may run code of the user.
    type Garbage;
    /// Whether threads share it. What one thread does needs no barriers.
    const SHARED: bool;
    /// Whether readers only compare and copy plain data, which is `Copy` without an `UnsafeCell`: see [`leaf`]. Always the same
    /// for one type; a constant in optimised code.
    #[inline]
    fn is_leaf() -> bool {
        false
    }
    /// Looks at the garbage, with the store locked; `None` if there has never been any.
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Self::Garbage>) -> R) -> Option<R>;
}

/// Which store a reader is in: its address, which does not change while it is borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl Place {
    #[inline]
    pub(crate) fn of<T>(store: &T) -> Self {
        Self(ptr::from_ref(store).addr())
    }
}

/// Frees what the store has forgotten and no reader holds any more; readers that hold some of it will free that. Not to be
/// called with the store locked.
#[cold]
#[inline(never)]
pub(crate) fn collect<H: Host>(host: &H) {
    collect_in(thread::domain(), thread::own(), host);
}

fn collect_in<H: Host>(domain: &Domain, own: Option<&'static Slot>, host: &H) {
    let place = Place::of(host);
    loop {
        let sealed = host.limbo(|limbo| {
            if limbo.is_empty() {
                return None;
            }
            let tag = domain.advance();
            limbo.seal(tag);
            Some(tag)
        });
        let Some(tag) = sealed.flatten() else { return };
        // If it does not take place, all waits for the next try.
        if H::SHARED && !domain.barrier(own) {
            return;
        }
        if H::is_leaf() {
            if domain.await_leaves(place) {
                drop(host.limbo(|limbo| limbo.take_below(tag + 1)));
            }
            return;
        }
        let (horizon, marked) = domain.horizon(place, tag);
        drop(host.limbo(|limbo| limbo.take_below(horizon.min(tag + 1))));
        if !marked {
            return;
        }
    }
}

#[cfg(all(test, loom))]
mod loom_tests;

#[cfg(all(test, not(loom)))]
mod tests;
