//! Has a key been forgotten since a computation of its result began?
//!
//! A result whose computation began before a `clear()` or a `remove()` of its key must not be stored. Forgettings are
//! numbered; a computation notes the last number when it begins (its ticket), and asks when it ends. The last
//! [`RECENT`] removals are known by the hash of their keys, so that removing one key does not keep the results of others
//! from being stored; about anything older the answer is a cautious no.

use std::collections::VecDeque;

/// How many removals are remembered one by one.
const RECENT: usize = 16;

/// The forgettings of one store.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The number of the last forgetting.
    last: u64,
    /// Computations that began before this one are refused.
    floor: u64,
    /// The hashes that were removed last; the back one has the number `last`, and `floor` is below the front one.
    recent: VecDeque<u64>,
}

impl History {
    /// A history of `last` forgettings of everything.
    pub(crate) const fn new(last: u64) -> Self {
        History { last, floor: last, recent: VecDeque::new() }
    }

    /// What a computation that begins now has to show to [`History::allows`].
    #[inline]
    pub(crate) fn ticket(&self) -> u64 {
        self.last
    }

    /// Everything is forgotten.
    pub(crate) fn forget_all(&mut self) {
        self.forget_all_until(self.last + 1);
    }

    /// Everything is forgotten, `last` being the number of the latest forgetting.
    pub(crate) fn forget_all_until(&mut self, last: u64) {
        *self = History::new(last);
    }

    /// The key with this hash is forgotten.
    pub(crate) fn forget(&mut self, hash: u64) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
            self.floor += 1;
        }
        self.last += 1;
        self.recent.push_back(hash);
    }

    /// Whether the result of a computation that began with `ticket` may be stored.
    #[inline]
    pub(crate) fn allows(&self, ticket: u64, hash: u64) -> bool {
        ticket == self.last || self.allows_since(ticket, hash)
    }

    #[cold]
    fn allows_since(&self, ticket: u64, hash: u64) -> bool {
        let Some(since) = self.last.checked_sub(ticket) else { return false };
        // `since` is at most `RECENT` above the floor, so the conversion never fails there.
        ticket >= self.floor
            && usize::try_from(since)
                .is_ok_and(|since| self.recent.iter().rev().take(since).all(|&gone| gone != hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_refuses_its_own_key_only() {
        let mut history = History::new(0);
        let ticket = history.ticket();
        history.forget(1);
        assert!(!history.allows(ticket, 1));
        assert!(history.allows(ticket, 2));
        assert!(history.allows(history.ticket(), 1));
    }

    #[test]
    fn forgetting_everything_refuses_all_keys() {
        let mut history = History::new(3);
        let ticket = history.ticket();
        assert!(history.allows(ticket, 1));
        history.forget_all();
        assert!(!history.allows(ticket, 1));
        assert!(history.allows(history.ticket(), 1));
    }

    #[test]
    fn many_removals_refuse_cautiously() {
        let mut history = History::new(0);
        let old = history.ticket();
        for hash in 0..RECENT as u64 {
            history.forget(hash);
            assert!(history.allows(old, 99));
        }
        let newer = history.ticket();
        history.forget(77);
        assert!(!history.allows(old, 99));
        assert!(history.allows(newer, 99));
        assert!(!history.allows(newer, 77));
    }

    #[test]
    fn a_later_ticket_sees_only_later_removals() {
        let mut history = History::new(0);
        for hash in 0..100 {
            let before = history.ticket();
            history.forget(hash);
            assert!(!history.allows(before, hash));
            assert!(history.allows(history.ticket(), hash));
            if hash > 0 {
                assert!(history.allows(before, hash - 1));
            }
        }
    }

    #[test]
    fn forgetting_everything_clears_the_removals() {
        let mut history = History::new(0);
        for hash in 0..5 {
            history.forget(hash);
        }
        history.forget_all();
        let ticket = history.ticket();
        history.forget(9);
        assert!(history.allows(ticket, 3));
        assert!(!history.allows(ticket, 9));
        assert!(!history.allows(ticket - 1, 3));
    }
}
