//! Where does garbage wait for the readers that may still hold it?

use super::{Place, thread};

/// What has been unlinked, and may still be in a reader's hands. Handed from thread to thread under a lock.
pub(crate) struct Limbo<T> {
    /// In the order of the tags.
    waiting: Vec<(u64, T)>,
}

impl<T> Limbo<T> {
    pub(crate) const fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds something that was unlinked before the call of [`advance`] that returned `tag`.
    pub(crate) fn add(&mut self, tag: u64, unlinked: T) {
        self.waiting.push((tag, unlinked));
    }

    /// Anything, for an owner who knows that there are no readers.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.waiting.pop().map(|(_, unlinked)| unlinked)
    }

    /// What no reader of the store holds any more.
    pub(crate) fn take_ready(&mut self, place: Place) -> Vec<T> {
        if self.waiting.is_empty() {
            return Vec::new();
        }
        self.take_below(thread::DOMAIN.horizon(place))
    }

    pub(super) fn take_below(&mut self, horizon: u64) -> Vec<T> {
        let ready = self.waiting.iter().take_while(|(tag, _)| *tag < horizon).count();
        let ready = self.waiting.drain(..ready).map(|(_, unlinked)| unlinked).collect();
        if self.waiting.is_empty() {
            self.waiting = Vec::new();
        }
        ready
    }
}
