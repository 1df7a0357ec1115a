//! The result of a method without arguments, for one thread.

use super::guarded::{
    Guarded, delegate,
    mode::Local,
    table::{Table, Tables},
};
use crate::{
    info::{Metrics, NoStats},
    key::Lookup,
};
use std::marker::PhantomData;

/// A store for one value, for one thread.
pub struct LocalOnce<V, M = NoStats> {
    guarded: Guarded<OnceTables<V>, M, Local>,
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
    #[inline]
    fn quick_hash<A: Lookup<()>>(_args: &A) -> Option<u64> {
        Some(0)
    }
}

/// Names [`OnceTable`].
struct OnceTables<V>(PhantomData<V>);

impl<V> Tables for OnceTables<V> {
    type Key = ();
    type Value = V;
    type Table<W> = OnceTable<W>;
}

/// The value, if there is one.
struct OnceTable<W>(Option<W>);

impl<W> Table<(), W> for OnceTable<W> {
    fn new(_limit: usize) -> Self {
        OnceTable(None)
    }

    fn len(&self) -> usize {
        self.0.is_some().into()
    }

    #[inline]
    fn hit(&mut self, _hash: u64, _is: impl Fn(&()) -> bool) -> Option<&W> {
        self.0.as_ref()
    }

    #[inline]
    fn peek(&self, _hash: u64, _is: impl Fn(&()) -> bool) -> Option<&W> {
        self.0.as_ref()
    }

    fn add(&mut self, _hash: u64, (): (), value: W) -> Option<((), W)> {
        Some(((), self.0.replace(value)?))
    }

    fn take(&mut self, _hash: u64, _is: impl Fn(&()) -> bool) -> Option<((), W)> {
        Some(((), self.0.take()?))
    }

    fn take_all(&mut self) -> Self {
        OnceTable(self.0.take())
    }
}
