//! With `single_flight`: how does one thread or task compute a result while the others wait for it?
//!
//! A [`Flight`] is the computation of one key. It stands in the [`Table`] of its method from when its *leader* has found no
//! entry until it has ended. Who finds it there waits, and is then handed the value; or, if there is none to hand on (a panic, a
//! dropped future, a result that is not kept), looks again and may lead the next flight.
//!
//! - Under the locks of a table and of a flight runs no code of the user, nor of an executor: keys are compared, cloned and
//!   dropped outside, and so are values and wakers.
//! - A flight is *closed* before its value is kept. Only who waited by then is handed the value. So a call that began after a
//!   `clear()` never is: either the clearing came before the value was to be kept, and it was declined and is not handed to
//!   anybody; or it came later, and so the flight was closed.
//! - A flight leaves the table before it ends, so that who looks again does not find it.
//! - A leader looks into the store once more when its flight is in the table: an earlier flight may have kept a value meanwhile.

pub(crate) mod deadlock;
#[cfg(all(test, loom))]
mod loom_tests;
mod wait;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    task::Waker,
};

use hashbrown::HashTable;

use self::deadlock::{Edges, Id};
pub(crate) use self::{
    deadlock::Frame,
    wait::{Landed, Waiter},
};
use crate::sync::{Condvar, Mutex, MutexGuard};

/// The computation of one key.
struct Flight<K, V> {
    id: Id,
    hash: u64,
    key: K,
    state: Mutex<State<V>>,
    ended: Condvar,
}

struct State<V> {
    phase: Phase<V>,
    /// How many wait that are to be handed the value.
    entitled: usize,
    /// The tasks that wait, by a number of each.
    wakers: BTreeMap<u64, Waker>,
    next: u64,
}

enum Phase<V> {
    Open,
    Closed,
    /// With the value for those who were entitled when it was closed.
    Ended(Option<Arc<V>>),
}

impl<K, V> Flight<K, V> {
    fn new(name: &'static str, hash: u64, key: K) -> Self {
        let state = State { phase: Phase::Open, entitled: 0, wakers: BTreeMap::new(), next: 0 };
        Self { id: Id::new(name), hash, key, state: Mutex::new(state), ended: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The flights of one method.
pub struct Table<K, V>(Mutex<HashTable<Arc<Flight<K, V>>>>);

/// How many flights a table keeps room for when there are none.
const ROOM: usize = 64;

impl<K, V> Table<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashTable::new()))
    }

    fn flights(&self) -> MutexGuard<'_, HashTable<Arc<Flight<K, V>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the flight of a key, if there is one, or leads a new one.
    pub(crate) fn board(
        self: &Arc<Self>,
        name: &'static str,
        hash: u64,
        key: &K,
        same: impl Fn(&K, &K) -> bool,
    ) -> Boarded<K, V>
    where
        K: Clone,
    {
        let mut others: Vec<Arc<Flight<K, V>>> = Vec::new();
        let mut new = None;
        loop {
            let unknown: Vec<_> = {
                let mut flights = self.flights();
                let unknown: Vec<_> = flights
                    .iter_hash(hash)
                    .filter(|flight| flight.hash == hash)
                    .filter(|flight| !others.iter().any(|other| Arc::ptr_eq(flight, other)))
                    .cloned()
                    .collect();
                if unknown.is_empty() {
                    if let Some(flight) = new.take() {
                        flights.insert_unique(hash, Arc::clone(&flight), |flight| flight.hash);
                        drop(flights);
                        return Boarded::Leads(Leader::new(Arc::clone(self), flight));
                    }
                }
                unknown
            };
            if unknown.is_empty() {
                new = Some(Arc::new(Flight::new(name, hash, key.clone())));
            }
            for flight in unknown {
                if same(&flight.key, key) {
                    return Boarded::Waits(Waiter::new(flight));
                }
                others.push(flight);
            }
        }
    }

    fn remove(&self, flight: &Arc<Flight<K, V>>) {
        let mut flights = self.flights();
        let entry = flights.find_entry(flight.hash, |other| Arc::ptr_eq(other, flight));
        // Not the last one: the caller has another.
        let removed = entry.ok().map(|entry| entry.remove().0);
        if flights.is_empty() && flights.capacity() > ROOM {
            *flights = HashTable::new();
        }
        drop(flights);
        drop(removed);
    }
}

/// What a call does that found no entry.
pub(crate) enum Boarded<K, V> {
    Leads(Leader<K, V>),
    Waits(Waiter<K, V>),
}

/// Whoever computes the result. Dropped before it has ended, by a panic or with a future, it hands over to one that waits.
pub(crate) struct Leader<K, V> {
    table: Arc<Table<K, V>>,
    flight: Arc<Flight<K, V>>,
    has_ended: bool,
    /// Says that the context computes it, for as long as this lives.
    computed: Option<Edges>,
}

impl<K, V> Leader<K, V> {
    fn new(table: Arc<Table<K, V>>, flight: Arc<Flight<K, V>>) -> Self {
        let computed = deadlock::computes(flight.id);
        Self { table, flight, has_ended: false, computed }
    }

    /// While code of keys and values runs, before and after the body.
    pub(crate) fn around(&self) -> Frame {
        Frame::enter(self.flight.id, false)
    }

    /// While the body runs.
    pub(crate) fn in_body(&self) -> Frame {
        Frame::enter(self.flight.id, true)
    }

    /// Before the value is kept: nobody is entitled to it any more that was not before. Says whether somebody is.
    pub(crate) fn close(&self) -> bool {
        let mut state = self.flight.state();
        state.phase = Phase::Closed;
        state.entitled > 0
    }

    /// Ends the flight, and hands the value on.
    pub(crate) fn end(mut self, value: Option<Arc<V>>) {
        self.finish(value);
    }

    fn finish(&mut self, value: Option<Arc<V>>) {
        self.has_ended = true;
        self.table.remove(&self.flight);
        let wakers = {
            let mut state = self.flight.state();
            state.phase = Phase::Ended(value);
            std::mem::take(&mut state.wakers)
        };
        self.computed = None;
        self.flight.ended.notify_all();
        wake(wakers);
    }
}

impl<K, V> Drop for Leader<K, V> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.finish(None);
        }
    }
}

/// Wakes all of them, also if a waker panics.
fn wake(wakers: BTreeMap<u64, Waker>) {
    struct Rest(std::collections::btree_map::IntoValues<u64, Waker>);
    impl Drop for Rest {
        fn drop(&mut self) {
            self.0.by_ref().for_each(Waker::wake);
        }
    }
    let mut rest = Rest(wakers.into_values());
    rest.0.by_ref().for_each(Waker::wake);
}
