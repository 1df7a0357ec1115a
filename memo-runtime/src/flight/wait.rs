//! How does a thread or a task wait for a flight to end?

use std::{
    pin::Pin,
    sync::{Arc, PoisonError},
    task::{Context, Poll},
};

use super::{
    Flight, Phase, State,
    deadlock::{self, Circle, Edges},
};

/// What a flight has brought to one that waited.
#[derive(Debug)]
pub(crate) enum Landed<V> {
    /// The value. Whoever waited makes a clone of its own.
    Value(Arc<V>),
    /// Nothing: look again.
    Nothing,
    /// It is waited for by code of a key or value that the flight itself runs: compute without a flight.
    Never,
}

/// Whoever waits for a flight. A task may stop at any time; it leaves nothing behind. All that wait are woken when the flight ends,
/// so that no wake-up is lost with one of them.
pub(crate) struct Waiter<K, V> {
    flight: Arc<Flight<K, V>>,
    /// Whether the flight was open when this began.
    is_entitled: bool,
    /// The number of the waker.
    number: Option<u64>,
    /// The context that waits, and its edges; `None` before the first poll.
    context: Option<(Option<u64>, Option<Edges>)>,
}

impl<K, V> Waiter<K, V> {
    pub(super) fn new(flight: Arc<Flight<K, V>>) -> Self {
        let mut state = flight.state();
        let is_entitled = matches!(state.phase, Phase::Open);
        if is_entitled {
            state.entitled += 1;
        }
        drop(state);
        Self { flight, is_entitled, number: None, context: None }
    }

    fn landed(&self, state: &State<V>) -> Option<Landed<V>> {
        match &state.phase {
            Phase::Ended(Some(value)) if self.is_entitled => Some(Landed::Value(Arc::clone(value))),
            Phase::Ended(_) => Some(Landed::Nothing),
            Phase::Open | Phase::Closed => None,
        }
    }

    /// Stops the thread until the flight has ended.
    ///
    /// # Panics
    ///
    /// If that would be never.
    pub(crate) fn wait(self) -> Landed<V> {
        if let Some(landed) = self.landed(&self.flight.state()) {
            return landed;
        }
        let _edges = match deadlock::waits(self.flight.id, true) {
            Ok(edges) => edges,
            Err(circle) => return never(circle),
        };
        let mut state = self.flight.state();
        loop {
            if let Some(landed) = self.landed(&state) {
                return landed;
            }
            state = self.flight.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn never<V>(circle: Circle) -> Landed<V> {
    match circle {
        Circle::InBody(message) => panic!("{message}"),
        Circle::Around => Landed::Never,
    }
}

/// Becomes ready when the flight has ended. Panics if that would be never.
impl<K, V> Future for Waiter<K, V> {
    type Output = Landed<V>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Landed<V>> {
        if let Some(landed) = self.landed(&self.flight.state()) {
            return Poll::Ready(landed);
        }
        let now = deadlock::context();
        if self.context.as_ref().is_none_or(|(before, _)| *before != now) {
            self.context = None;
            match deadlock::waits(self.flight.id, false) {
                Ok(edges) => self.context = Some((now, edges)),
                Err(circle) => return Poll::Ready(never(circle)),
            }
        }
        let waker = context.waker().clone();
        let flight = Arc::clone(&self.flight);
        let mut state = flight.state();
        if let Some(landed) = self.landed(&state) {
            drop(state);
            drop(waker);
            return Poll::Ready(landed);
        }
        let number = *self.number.get_or_insert_with(|| {
            state.next += 1;
            state.next
        });
        let before = state.wakers.insert(number, waker);
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl<K, V> Drop for Waiter<K, V> {
    fn drop(&mut self) {
        let mut state = self.flight.state();
        if self.is_entitled {
            state.entitled -= 1;
        }
        let waker = self.number.and_then(|number| state.wakers.remove(&number));
        drop(state);
        drop(waker);
    }
}
