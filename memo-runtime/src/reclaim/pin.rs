//! How long is a reader protected?
//!
//! # Invariants
//!
//! - The value of a [`Seen`] lives as long as its pin, or without one as long as the store is borrowed.
//! - Where readers are leaves ([`Host::is_leaf`]), values are `Copy` and hold no `UnsafeCell`.

use std::{
    mem::{ManuallyDrop, MaybeUninit},
    sync::atomic::Ordering::Relaxed,
};

use super::{Host, Place, barrier, collect, slot::Slot, thread};

/// Runs `read` while the thread is pinned: nothing that it reaches through a link of the store is freed meanwhile.
/// `read` may run any code, also code that pins or forgets, unless the store's readers are leaves.
#[inline]
pub(crate) fn pinned<H: Host, R>(store: &H, read: impl FnOnce() -> R) -> R {
    let _pin = pin(store);
    read()
}

/// [`pinned`] for as long as the result lives. Pins have to end in reverse order, so it is not to be handed on.
#[inline]
pub(crate) fn pin<H: Host>(store: &H) -> Pin<'_, H> {
    quick_pin(store).map_or_else(|| pin_slowly(store), Pin::Own)
}

/// A pin of the thread's own slot, unless that is in use or there is none. Nearly every pin can be one: three loads and
/// three stores, or two stores for a leaf. Pins have to end in reverse order, so it is not to be handed on.
#[inline(always)]
#[allow(clippy::inline_always, reason = "an outlined pin more than doubles what a hit costs")]
pub(crate) fn quick_pin<H: Host>(host: &H) -> Option<OwnPin<'_, H>> {
    let light = barrier::USUALLY_LIGHT;
    let slot = thread::usual()?;
    let place = Place::of(host);
    if H::is_leaf() {
        slot.enter_leaf(place, light);
    } else if !slot.enter(thread::domain(), place, light) {
        return None;
    }
    Some(OwnPin { slot, light, host })
}

#[cold]
fn pin_slowly<H: Host>(host: &H) -> Pin<'_, H> {
    let place = Place::of(host);
    let own = thread::owned();
    if let Some(slot) = own {
        let light = slot.light;
        if H::is_leaf() {
            slot.enter_leaf(place, light);
            return Pin::Own(OwnPin { slot, light, host });
        }
        if slot.enter(thread::domain(), place, light) {
            return Pin::Own(OwnPin { slot, light, host });
        }
        if slot.covers(place) {
            return Pin::Covered;
        }
    }
    let slot = thread::domain().acquire();
    let is_own = own.is_none() && thread::make_own(slot);
    if H::is_leaf() {
        slot.enter_leaf(place, slot.light);
    } else {
        slot.enter(thread::domain(), place, slot.light);
    }
    if is_own {
        Pin::Own(OwnPin { slot, light: slot.light, host })
    } else {
        Pin::Temporary(TemporaryPin(slot, host))
    }
}

/// Ends a pin; whether something waits for that.
#[inline]
fn leave<H: Host>(slot: &Slot, light: bool) -> bool {
    if H::is_leaf() {
        slot.exit_leaf();
        false
    } else {
        slot.exit(light)
    }
}

/// R6, if something waits.
#[cold]
#[inline(never)]
fn give_back<H: Host>(slot: &Slot, host: &H) {
    slot.wanted.store(false, Relaxed);
    collect(host);
}

/// [`give_back`], and then the result of a pin.
#[cold]
#[inline(never)]
fn give_back_before<H: Host, R>(slot: &Slot, host: &H, result: R) -> R {
    give_back(slot, host);
    result
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
        if leave::<H>(self.slot, self.light) {
            give_back(self.slot, self.host);
        }
    }
}

impl<H: Host> OwnPin<'_, H> {
    /// Ends the pin; the result is that of the function, so that nobody has to save it for what is seldom done.
    #[inline]
    fn end<R>(self, result: R) -> R {
        let this = ManuallyDrop::new(self);
        if leave::<H>(this.slot, this.light) {
            give_back_before(this.slot, this.host, result)
        } else {
            result
        }
    }
}

/// Ends a pin.
pub(crate) enum Pin<'h, H: Host> {
    /// The slot is the thread's.
    Own(OwnPin<'h, H>),
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
            Self::Covered | Self::Temporary(_) => result,
        }
    }
}

/// A pin of a slot that is not the thread's.
pub(crate) struct TemporaryPin<'h, H: Host>(&'static Slot, &'h H);

impl<H: Host> Drop for TemporaryPin<'_, H> {
    fn drop(&mut self) {
        let wanted = leave::<H>(self.0, self.0.light);
        self.0.release();
        if wanted {
            give_back(self.0, self.1);
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

    /// A value that needs no pin.
    #[inline]
    pub(crate) fn borrowed(value: &'h V) -> Self {
        Self { value, pin: None }
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
            if let Some(pin) = pin {
                pin.end(());
            }
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
