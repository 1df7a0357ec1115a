//! Is this thread running a body to verify it, and what was computed meanwhile?
//!
//! Memoized calls in such a body are answered from the caches as they are, and leave no trace there: no count, no promotion, no
//! entry. What they miss is kept *beside*, in stores that live as long as the run, so that a recursion stays linear. A type's store
//! has its store beside it in a map of this thread; an instance has its own ([`super::notes::Aside`]).

use std::{
    any::{Any, TypeId},
    cell::{Cell, RefCell},
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    ptr,
    rc::Rc,
    thread,
};

use super::site::Site;
use crate::place::Place;

/// By the address of the store, and its type.
type Beside = HashMap<(usize, TypeId), Rc<dyn Any>>;

thread_local! {
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    static BESIDE: RefCell<Beside> = RefCell::default();
}

/// Whether this thread runs a body to verify it.
#[inline]
pub(super) fn is_running() -> bool {
    IS_RUNNING.try_with(Cell::get).unwrap_or(false)
}

/// Says that this thread runs a body, or other code of the user, to verify a hit, for as long as it lives.
pub(super) struct Run {
    before: bool,
    was_panicking: bool,
    site: &'static Site,
}

impl Run {
    pub(super) fn begin(site: &'static Site) -> Self {
        let before = IS_RUNNING.try_with(|is_running| is_running.replace(true));
        Self { before: before.unwrap_or(true), was_panicking: thread::panicking(), site }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Of runs within one another, the outermost says it.
        if !self.before {
            if thread::panicking() && !self.was_panicking {
                eprintln!("{}", self.site.note_of_panic());
            }
            _ = IS_RUNNING.try_with(|is_running| is_running.set(false));
            let gone = BESIDE.try_with(RefCell::take);
            drop(gone);
        }
    }
}

/// Polls a body within a run, in which what is computed beside is there all the time.
pub(super) async fn running<P: Place, F: Future>(
    site: &'static Site,
    place: &P,
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _run = Run::begin(site);
        place.aside(|_, _| future.as_mut().poll(context))
    })
    .await
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
