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
enum State {
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

    /// Whether a call may pass. Who may says afterwards how it went, or else another one tries after `retry_after`.
    pub(super) fn lets_pass(&self, retry_after: Duration) -> bool {
        let mut state = self.state();
        match *state {
            State::Open => true,
            State::Shut(until) | State::Tried(until) => {
                let now = clock::now();
                let passes = now >= until;
                if passes {
                    *state = State::Tried(later(now, retry_after));
                }
                passes
            }
        }
    }

    /// How it went.
    pub(super) fn note(&self, is_ok: bool, retry_after: Duration) {
        let mut state = self.state();
        if is_ok {
            *state = State::Open;
        } else {
            *state = State::Shut(later(clock::now(), retry_after));
        }
    }
}

fn later(now: u64, span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).map_or(u64::MAX, |span| now.saturating_add(span))
}
