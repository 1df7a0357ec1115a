//! The result of a method without arguments, for one thread.

use super::guarded::{
    Guarded, Slot, delegate,
    mode::{Local, Mode},
    table::{Entry, Hashed, Key, Probe, Stored, Table},
};
use crate::{
    info::{Metrics, NoStats},
    key::Lookup,
};

/// A store for one value, for one thread.
pub struct LocalOnce<V, M = NoStats> {
    guarded: Guarded<OnceTable<V, Local>, M, Local>,
}

impl<V, M> LocalOnce<V, M> {
    /// A cold store.
    pub const fn new() -> Self {
        LocalOnce { guarded: Guarded::new() }
    }
}

delegate! {
    LocalOnce<V, M>;
    any [V, M: Metrics];
    key (); value V;
    limit 1; capacity None;
    fn hash<A: Lookup<()>>(_args: &A) -> u64 {
        0
    }
}

/// The value, if there is one.
struct OnceTable<V, S: Mode> {
    value: Option<Slot<V, S>>,
}

impl<V, S: Mode> Table<S> for OnceTable<V, S> {
    type Key = ();
    type Value = V;

    fn new(_limit: usize) -> Self {
        OnceTable { value: None }
    }

    fn len(&self) -> usize {
        self.value.is_some().into()
    }

    #[inline]
    fn hit<P: Probe<()>>(&mut self, probe: &Hashed<P>) -> Option<Slot<V, S>> {
        self.peek(probe)
    }

    #[inline]
    fn peek<P: Probe<()>>(&self, _probe: &Hashed<P>) -> Option<Slot<V, S>> {
        self.value.as_ref().map(Slot::snapshot)
    }

    fn add(&mut self, key: Stored<()>, value: Slot<V, S>) -> Option<Entry<(), V, S>> {
        Some((key, self.value.replace(value)?))
    }

    fn take<P: Probe<()>>(&mut self, probe: &Hashed<P>) -> Option<Entry<(), V, S>> {
        Some((Stored { hash: probe.hash, part: Key(()) }, self.value.take()?))
    }

    fn take_all(&mut self) -> Self {
        OnceTable { value: self.value.take() }
    }
}
