//! How is a store that does not answer kept from slowing every call?

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::clock;

/// After an error it is shut for a while; then it lets one call through, to try.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How often it was shut.
    failures: u64,
    door: Door,
}

/// A call that may pass, which says afterwards how it went.
#[derive(Clone, Copy)]
pub(super) struct Pass(u64);

#[derive(Debug, Default)]
enum Door {
    #[default]
    Open,
    /// Until that moment.
    Shut(u64),
    /// One call tries, unless that takes longer than to that moment.
    Tried(u64),
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call pass, or not. If who passes does not say how it went, another one tries after `retry_after`.
    pub(super) fn pass(&self, retry_after: Duration) -> Option<Pass> {
        let mut state = self.state();
        if let Door::Shut(until) | Door::Tried(until) = state.door {
            let now = clock::now();
            if now < until {
                return None;
            }
            state.door = Door::Tried(later(now, retry_after));
        }
        Some(Pass(state.failures))
    }

    /// How it went. What began before the last failure and went well tells nothing of now.
    pub(super) fn note(&self, Pass(failures): Pass, is_ok: bool, retry_after: Duration) {
        let mut state = self.state();
        if !is_ok {
            state.failures += 1;
            state.door = Door::Shut(later(clock::now(), retry_after));
        } else if state.failures == failures {
            state.door = Door::Open;
        }
    }
}

fn later(now: u64, span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).map_or(u64::MAX, |span| now.saturating_add(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn what_began_before_a_failure_does_not_open() {
        let gate = Gate::default();
        let (slow, quick) =
            (gate.pass(LONG).expect("it is open"), gate.pass(LONG).expect("it is open"));
        gate.note(quick, false, LONG);
        gate.note(slow, true, LONG);
        assert!(gate.pass(LONG).is_none());
    }

    #[test]
    fn one_tries_and_its_success_opens() {
        let gate = Gate::default();
        let pass = gate.pass(LONG).expect("it is open");
        gate.note(pass, false, Duration::ZERO);
        let tries = gate.pass(LONG).expect("it may be tried");
        assert!(gate.pass(LONG).is_none());
        gate.note(tries, true, LONG);
        assert!(gate.pass(LONG).is_some() && gate.pass(LONG).is_some());
    }
}
