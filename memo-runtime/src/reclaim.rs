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

use self::leaf::LeafPin;
pub(crate) use self::limbo::Limbo;
pub use self::lock::{Guard, Lock};
use crate::sync::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};
use std::{
    mem::{ManuallyDrop, MaybeUninit},
    ptr,
    sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
};

/// The epoch of a slot whose thread is not pinned.
const IDLE: u64 = 0;
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

/// Where one thread announces that it is reading.
#[repr(align(128))]
struct Slot {
    epoch: AtomicU64,
    place: AtomicUsize,
    /// The store that a leaf pin is in.
    leaf: AtomicUsize,
    /// Whether the heavy barrier does the reader's part.
    light: bool,
    /// Whether something waits for the end of the pin.
    wanted: AtomicBool,
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
        barrier::light(light);
        true
    }

    /// R4 and R5; whether something waits for it.
    #[inline]
    fn exit(&self, light: bool) -> bool {
        self.epoch.store(IDLE, Release);
        barrier::light(light);
        self.wanted.load(Relaxed)
    }

    /// R6, if something waits.
    #[cold]
    #[inline(never)]
    fn give_back<H: Host>(&self, host: &H) {
        self.wanted.store(false, Relaxed);
        collect(host);
    }

    /// [`Slot::give_back`], and then the result of a pin.
    #[cold]
    #[inline(never)]
    fn give_back_before<H: Host, R>(&self, host: &H, result: R) -> R {
        self.give_back(host);
        result
    }

    /// Whether a pin of that store may rely on this slot, which is in use.
    fn covers(&self, Place(place): Place) -> bool {
        self.place.load(Relaxed) == place
    }

    /// Lets another thread have the slot.
    fn release(&self) {
        debug_assert!(self.is_idle(), "a thread ended while it was pinned");
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
    fn advance(&self) -> u64 {
        self.epoch.fetch_add(1, SeqCst)
    }

    /// F3; whether it took place. `own` is the slot of this thread.
    fn barrier(&self, own: Option<&'static Slot>) -> bool {
        fence(SeqCst);
        let is_own = |slot: &Slot| own.is_some_and(|own| ptr::eq(own, slot));
        let others = self.slots().any(|slot| slot.taken.load(Relaxed) && !is_own(slot));
        let done = !others || barrier::heavy();
        fence(SeqCst);
        done
    }

    /// F4 and F5: what has a lower tag than this can no longer be reached by readers of that store; and whether a reader
    /// that is in the way of `tag` was marked just now.
    fn horizon(&self, place: Place, tag: u64) -> (u64, bool) {
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

/// Runs `read` while the thread is pinned: nothing that it reaches through a link of the store is freed meanwhile.
/// `read` may run any code, also code that pins or forgets.
#[inline]
pub(crate) fn pinned<H: Host, R>(store: &H, read: impl FnOnce() -> R) -> R {
    let _pin = thread::enter(store);
    read()
}

/// [`pinned`] for as long as the result lives. Pins have to end in reverse order, so it is not to be handed on.
#[inline]
pub(crate) fn pin<H: Host>(store: &H) -> Pin<'_, H> {
    thread::enter(store)
}

/// A pin of the thread's own slot, unless that is in use or there is none. Nearly every pin can be one: three loads and
/// three stores, or two stores for a leaf. Pins have to end in reverse order, so it is not to be handed on.
#[inline(always)]
#[allow(clippy::inline_always, reason = "an outlined pin more than doubles what a hit costs")]
pub(crate) fn quick_pin<H: Host>(store: &H) -> Option<Pin<'_, H>> {
    thread::quick_pin(store)
}

/// Ends a pin of the thread's own slot.
pub(crate) struct OwnPin<'h, H: Host> {
    slot: &'static Slot,
    light: bool,
    host: &'h H,
}

impl<H: Host> Drop for OwnPin<'_, H> {
    #[inline]
    fn drop(&mut self) {
        if self.slot.exit(self.light) {
            self.slot.give_back(self.host);
        }
    }
}

impl<H: Host> OwnPin<'_, H> {
    /// Ends the pin; the result is that of the function, so that nobody has to save it for what is seldom done.
    #[inline]
    fn end<R>(self, result: R) -> R {
        let this = ManuallyDrop::new(self);
        if this.slot.exit(this.light) {
            this.slot.give_back_before(this.host, result)
        } else {
            result
        }
    }
}

/// Ends a pin.
pub(crate) enum Pin<'h, H: Host> {
    /// The slot is the thread's.
    Own(OwnPin<'h, H>),
    /// Nothing waits for its end but who forgets.
    #[allow(dead_code, reason = "held only to be dropped")]
    Leaf(LeafPin<'h>),
    /// An outer pin does all that is needed.
    Covered,
    /// The slot is only held for the duration of the pin.
    #[allow(dead_code, reason = "held only to be dropped")]
    Temporary(TemporaryPin<'h, H>),
}

impl<H: Host> Pin<'_, H> {
    /// Ends the pin after what it was for, whose result this is.
    #[inline]
    pub(crate) fn end<R>(self, result: R) -> R {
        match self {
            Self::Own(pin) => pin.end(result),
            Self::Leaf(_) | Self::Covered | Self::Temporary(_) => result,
        }
    }
}

/// A pin of a slot that is not the thread's.
pub(crate) struct TemporaryPin<'h, H: Host>(&'static Slot, &'h H);

impl<H: Host> Drop for TemporaryPin<'_, H> {
    fn drop(&mut self) {
        let wanted = self.0.exit(self.0.light);
        self.0.release();
        if wanted {
            self.0.give_back(self.1);
        }
    }
}

/// A value that was found in a store, and what protects it.
pub struct Seen<'h, V, H: Host> {
    value: *const V,
    pin: Option<Pin<'h, H>>,
}

impl<'h, V, H: Host> Seen<'h, V, H> {
    /// # Safety
    ///
    /// The value lives as long as the pin; without one, as long as the store is borrowed.
    #[inline]
    pub(crate) unsafe fn new(value: *const V, pin: Option<Pin<'h, H>>) -> Self {
        Self { value, pin }
    }

    /// What `read` makes of the value. May be any code.
    #[inline]
    pub(crate) fn read<R>(self, read: impl FnOnce(&V) -> R) -> R {
        let pin = self.pin;
        if H::is_leaf() {
            // No code of the user runs under a leaf pin: what `read` gets is a copy.
            // SAFETY: `new` was promised that the value is there until the pin ends; that of a leaf is plain data, and without a
            // destructor, so a copy is as good.
            let copy = unsafe { self.value.cast::<MaybeUninit<V>>().read() };
            drop(pin);
            // SAFETY: it has the bits of the value.
            return read(unsafe { copy.assume_init_ref() });
        }
        // SAFETY: `new` was promised that the value is there until the pin ends.
        let value = unsafe { &*self.value };
        if size_of::<R>() > 2 * size_of::<usize>() {
            // Written where it is returned.
            return read(value);
        }
        let result = read(value);
        match pin {
            Some(pin) => pin.end(result),
            None => result,
        }
    }
}

#[cfg(not(loom))]
mod thread {
    use super::{Domain, Host, LeafPin, OwnPin, Pin, Place, Slot, TemporaryPin, barrier};
    use std::cell::Cell;

    static DOMAIN: Domain = Domain::new();

    pub(super) fn domain() -> &'static Domain {
        &DOMAIN
    }

    thread_local! {
        /// The thread's slot, if it is of the usual kind. No destructor, so that a look at it costs nothing, and works while the
        /// thread ends.
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

    /// The thread's slot, if it is of the usual kind.
    #[inline]
    pub(super) fn own() -> Option<&'static Slot> {
        USUAL.try_with(Cell::get).ok()?
    }

    /// [`own`], after making it so if possible.
    pub(super) fn own_or_new() -> Option<&'static Slot> {
        if OWNER.try_with(|owner| owner.0.get().is_none()).unwrap_or(false) {
            let slot = DOMAIN.acquire();
            if !make_own(slot) {
                slot.release();
            }
        }
        own()
    }

    #[inline]
    pub(super) fn quick_pin<H: Host>(host: &H) -> Option<Pin<'_, H>> {
        let light = barrier::USUALLY_LIGHT;
        let slot = own()?;
        if H::is_leaf() {
            Some(Pin::Leaf(slot.enter_leaf(Place::of(host), light, false)))
        } else if slot.enter(&DOMAIN, Place::of(host), light) {
            Some(Pin::Own(OwnPin { slot, light, host }))
        } else {
            None
        }
    }

    pub(super) fn enter<H: Host>(host: &H) -> Pin<'_, H> {
        match quick_pin(host) {
            Some(pin) => pin,
            None if H::is_leaf() => Pin::Leaf(enter_leaf_slowly(Place::of(host))),
            None => enter_slowly(host),
        }
    }

    #[cold]
    fn enter_leaf_slowly<'h>(place: Place) -> LeafPin<'h> {
        let own = OWNER.try_with(|owner| owner.0.get()).ok().flatten();
        if let Some(slot) = own {
            return slot.enter_leaf(place, slot.light, false);
        }
        let slot = DOMAIN.acquire();
        let is_temporary = !make_own(slot);
        slot.enter_leaf(place, slot.light, is_temporary)
    }

    #[cold]
    fn enter_slowly<H: Host>(host: &H) -> Pin<'_, H> {
        let place = Place::of(host);
        let own = OWNER.try_with(|owner| owner.0.get()).ok().flatten();
        if let Some(slot) = own {
            let light = slot.light;
            if slot.enter(&DOMAIN, place, light) {
                return Pin::Own(OwnPin { slot, light, host });
            }
            if slot.covers(place) {
                return Pin::Covered;
            }
        }
        let slot = DOMAIN.acquire();
        slot.enter(&DOMAIN, place, slot.light);
        if own.is_none() && make_own(slot) {
            return Pin::Own(OwnPin { slot, light: slot.light, host });
        }
        Pin::Temporary(TemporaryPin(slot, host))
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

/// In models a thread has a slot of its own to be known by, and every pin takes another one for its duration.
#[cfg(loom)]
mod thread {
    use super::{Domain, Host, OwnPin, Pin, Place, Slot, TemporaryPin};
    use std::cell::Cell;

    loom::lazy_static! {
        static ref DOMAIN: Domain = Domain::new();
    }

    pub(super) fn domain() -> &'static Domain {
        &DOMAIN
    }

    loom::thread_local! {
        static OWN: Cell<Option<&'static Slot>> = Cell::new(None);
    }

    pub(super) fn own() -> Option<&'static Slot> {
        OWN.with(Cell::get)
    }

    pub(super) fn own_or_new() -> Option<&'static Slot> {
        OWN.with(|own| {
            own.set(Some(own.get().unwrap_or_else(|| DOMAIN.acquire())));
            own.get()
        })
    }

    pub(super) fn enter<H: Host>(host: &H) -> Pin<'_, H> {
        let slot = DOMAIN.acquire();
        if H::is_leaf() {
            return Pin::Leaf(slot.enter_leaf(Place::of(host), false, true));
        }
        slot.enter(&DOMAIN, Place::of(host), false);
        Pin::Temporary(TemporaryPin(slot, host))
    }

    /// Never quick here.
    pub(super) fn quick_pin<H: Host>(_host: &H) -> Option<Pin<'_, H>> {
        None
    }
}

#[cfg(all(test, loom))]
mod loom_tests;

#[cfg(all(test, not(loom)))]
mod tests;
