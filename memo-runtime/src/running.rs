//! Is this thread running a body to verify a hit, and what was computed meanwhile?
//!
//! Memoized calls in such a body are answered from the caches as they are, and leave no trace there: no count, no promotion, no
//! entry. What they miss is kept *beside*, in stores that live as long as the run, so that a recursion stays linear. A type's store
//! has its store beside it in a map of this thread; an instance has its own ([`crate::instance::notes::Aside`]).

use std::{
    any::{Any, TypeId},
    cell::{Cell, RefCell},
    collections::HashMap,
    ptr,
    rc::Rc,
};

/// By the address of the store, and its type.
type Beside = HashMap<(usize, TypeId), Rc<dyn Any>>;

thread_local! {
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    static BESIDE: RefCell<Beside> = RefCell::default();
}

/// Whether this thread runs a body to verify it.
#[inline]
pub(crate) fn is_running() -> bool {
    IS_RUNNING.try_with(Cell::get).unwrap_or(false)
}

/// Begins a run; whether it is the outermost one. A thread that is ending has none.
pub(crate) fn begin() -> bool {
    IS_RUNNING.try_with(|is_running| !is_running.replace(true)).unwrap_or(false)
}

/// Ends the outermost run.
pub(crate) fn end() {
    _ = IS_RUNNING.try_with(|is_running| is_running.set(false));
    let gone = BESIDE.try_with(RefCell::take);
    drop(gone);
}

/// The store beside that of a type or a thread, as long as a run lasts. There is none outside of one: a future may have left it.
pub(crate) fn beside<S: Default + 'static>(store: &S) -> Option<Rc<S>> {
    if !is_running() {
        return None;
    }
    let key = (ptr::from_ref(store).addr(), TypeId::of::<S>());
    let found = BESIDE.try_with(|stores| {
        Rc::clone(stores.borrow_mut().entry(key).or_insert_with(|| Rc::new(S::default())))
    });
    found.ok()?.downcast().ok()
}
