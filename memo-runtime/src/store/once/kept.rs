//! How does the result of a method without arguments live that is handed out by reference?
//!
//! In a [`OnceLock`], which is only ever set to a value that is there: nobody waits for code of the user.

use std::sync::OnceLock;

use crate::{
    info::{CacheInfo, Metrics, NoStats},
    key::Lookup,
    store::{
        AnyStore, RefStore, Same, Store, Ticket,
        mode::{Mode, Owns, Threads, Undecided},
    },
    term::Endless,
};

/// A [`Once`](super::Once) that hands out references, and so forgets only through `&mut self`.
pub struct KeptOnce<V, M: Metrics = NoStats, S: Mode = Threads> {
    value: Undecided<OnceLock<V>>,
    metrics: M,
    _owns: Owns<V, S>,
}

impl<V, M: Metrics, S: Mode> KeptOnce<V, M, S> {
    /// An empty cell, which takes no heap.
    pub const fn new() -> Self {
        Self { value: Undecided(OnceLock::new()), metrics: M::ZERO, _owns: Owns::NEW }
    }
}

impl<V, M: Metrics, S: Mode> Default for KeptOnce<V, M, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V, M: Metrics, S: Mode> AnyStore for KeptOnce<V, M, S> {
    fn absorb(&self, other: &Self) {
        self.metrics.absorb(&other.metrics);
    }
}

impl<V, M: Metrics, S: Mode> Store for KeptOnce<V, M, S> {
    type Key = ();
    type Value = V;
    type Term = Endless;

    #[inline]
    fn quick_hash<A: Lookup<()>>(_args: &A) -> Option<u64> {
        Some(0)
    }

    fn begin(&self, _hash: u64) -> Ticket {
        self.metrics.miss();
        Ticket(0)
    }

    fn count_hit(&self) {
        self.metrics.hit();
    }

    fn contains<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> bool {
        self.value.get().is_some()
    }

    fn info(&self) -> CacheInfo {
        let mut info =
            CacheInfo { len: Some(self.value.get().is_some().into()), ..CacheInfo::default() };
        self.metrics.fill(&mut info);
        info
    }

    fn forget_all(&self) -> bool {
        false
    }
}

impl<V, M: Metrics, S: Mode> RefStore for KeptOnce<V, M, S> {
    #[inline]
    fn hit_ref<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<&V> {
        let value = self.value.get()?;
        self.metrics.hit();
        Some(value)
    }

    #[inline]
    fn peek_ref<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<&V> {
        self.value.get()
    }

    fn keep_ref_by(&self, _hash: u64, (): (), value: V, _same: impl Same<()>) -> &V {
        let mut value = Some(value);
        loop {
            if let Some(present) = self.value.get() {
                return present;
            }
            // A failure means that somebody else set it, so the next round returns.
            value = value.take().and_then(|value| self.value.set(value).err());
        }
    }
}
