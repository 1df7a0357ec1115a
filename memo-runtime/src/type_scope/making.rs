//! What if the expression that makes a store asks for that store? It would wait for itself.

use std::cell::RefCell;

thread_local! {
    /// Where this thread is making stores.
    static UNDER_WAY: RefCell<Vec<*const ()>> = const { RefCell::new(Vec::new()) };
}

/// A store is being made, by code of the user, until this is dropped.
pub(super) struct Making;

impl Making {
    /// Begins to make the store of the function `name`, to be kept at `place`.
    ///
    /// # Panics
    ///
    /// If this thread is making it already.
    pub(super) fn begin<T>(place: &'static T, name: &str) -> Self {
        let place = std::ptr::from_ref(place).cast();
        let is_new = with(|under_way| {
            let is_new = !under_way.contains(&place);
            under_way.extend(is_new.then_some(place));
            is_new
        });
        assert!(
            is_new.unwrap_or(true),
            "the expression of `engine` or `store` of `{name}` needs the cache of `{name}`, which it makes; let it call no function that does"
        );
        Self
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        with(Vec::pop);
    }
}

/// Nothing where the thread is ending.
fn with<R>(operation: impl FnOnce(&mut Vec<*const ()>) -> R) -> Option<R> {
    UNDER_WAY.try_with(|under_way| operation(&mut under_way.borrow_mut())).ok()
}
