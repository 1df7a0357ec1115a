//! Which slot is the thread's, in models? It has one to be known by, and every pin takes another one for its duration.

use std::cell::Cell;

use super::slot::{Domain, Slot};

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

pub(super) fn usual() -> Option<&'static Slot> {
    None
}

pub(super) fn owned() -> Option<&'static Slot> {
    None
}

pub(super) fn own_or_new() -> Option<&'static Slot> {
    OWN.with(|own| {
        own.set(Some(own.get().unwrap_or_else(|| DOMAIN.acquire())));
        own.get()
    })
}

pub(super) fn make_own(_slot: &'static Slot) -> bool {
    false
}
