//! Where does garbage wait for the readers that may still hold it?

/// What has been unlinked, and may still be in a reader's hands. Handed from thread to thread under a lock.
pub struct Limbo<T> {
    /// In the order of the tags; what has none yet comes last.
    waiting: Vec<(u64, T)>,
}

/// The tag of what was unlinked since the last [`Limbo::seal`].
const UNSEALED: u64 = u64::MAX;

impl<T> Default for Limbo<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Limbo<T> {
    pub(crate) const fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether something was unlinked since the last [`Limbo::seal`].
    #[inline]
    pub(crate) fn has_unsealed(&self) -> bool {
        self.waiting.last().is_some_and(|(tag, _)| *tag == UNSEALED)
    }

    /// Adds something that has just been unlinked.
    pub(crate) fn add(&mut self, unlinked: T) {
        self.waiting.push((UNSEALED, unlinked));
    }

    /// Gives the tag to all that has none yet.
    pub(super) fn seal(&mut self, tag: u64) {
        let unsealed = self.waiting.iter_mut().rev().take_while(|(tag, _)| *tag == UNSEALED);
        unsealed.for_each(|(sealed, _)| *sealed = tag);
    }

    /// What has a lower tag.
    pub(super) fn take_below(&mut self, horizon: u64) -> Vec<T> {
        let ready = self.waiting.iter().take_while(|(tag, _)| *tag < horizon).count();
        if ready == self.waiting.len() {
            return std::mem::take(&mut self.waiting).into_iter().map(|(_, it)| it).collect();
        }
        self.waiting.drain(..ready).map(|(_, unlinked)| unlinked).collect()
    }
}
