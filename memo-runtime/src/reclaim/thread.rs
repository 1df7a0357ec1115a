//! Which slot is the thread's?

use std::cell::Cell;

use super::{
    barrier,
    slot::{Domain, Slot},
};

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

/// The thread's slot, if it is of the usual kind: its barrier is [`barrier::USUALLY_LIGHT`].
#[inline]
pub(super) fn own() -> Option<&'static Slot> {
    USUAL.try_with(Cell::get).ok()?
}

/// [`own`], for pins.
#[inline]
pub(super) fn usual() -> Option<&'static Slot> {
    own()
}

/// The thread's slot, of whatever kind.
pub(super) fn owned() -> Option<&'static Slot> {
    OWNER.try_with(|owner| owner.0.get()).ok().flatten()
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

/// Makes the slot the thread's, unless the thread is about to end; whether it did.
pub(super) fn make_own(slot: &'static Slot) -> bool {
    let owned = OWNER.try_with(|owner| owner.0.set(Some(slot))).is_ok();
    if owned && slot.light == barrier::USUALLY_LIGHT {
        // Without it, pins are slow, that is all.
        let _ = USUAL.try_with(|cell| cell.set(Some(slot)));
    }
    owned
}
