//! Which computations are under way, so that none is stored that began before its key was forgotten?
//!
//! A computation has a *course*: from its look-up, until its result is stored, or not. Of each key with a course there is a number that changes
//! when the key is forgotten, and when a result begins or ends to be stored: of several that compute a key, the first one's result is kept.
//! While one is being stored, which takes a while, no other of its key is: what is not there yet for one call may have been served to
//! another. Who forgets waits first for those that are storing already.

use std::{
    collections::{BTreeMap, HashMap},
    future::poll_fn,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

#[derive(Default)]
pub(super) struct Underway {
    state: Mutex<State>,
    stored: Condvar,
}

#[derive(Default)]
struct State {
    /// How often everything was forgotten.
    clearings: u64,
    keys: HashMap<u128, Key>,
    /// Those that are storing, by the order in which they began.
    storing: BTreeMap<u64, u128>,
    next: u64,
    wakers: Vec<Waker>,
}

#[derive(Default)]
struct Key {
    courses: usize,
    /// How many results are being stored, or are put in place by the accessor.
    writings: usize,
    changes: u64,
}

impl Underway {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A computation of that key begins.
    pub(super) fn begin(&self, key: u128) -> Course<'_> {
        let mut state = self.state();
        let clearings = state.clearings;
        let known = state.keys.entry(key).or_default();
        known.courses += 1;
        Course { underway: self, key, clearings, changes: known.changes }
    }

    /// The key is forgotten by all courses, and by those that begin while its value is put in place, for as long as what is returned
    /// lives. What is to be waited for before.
    pub(super) fn replace(&self, key: u128) -> (Pending<'_>, Writing<'_>) {
        let writing = Writing::of(self, &mut self.state(), key);
        (self.forget(key), writing)
    }

    /// The key is forgotten by all courses. What is to be waited for before it is forgotten in the store.
    pub(super) fn forget(&self, key: u128) -> Pending<'_> {
        let mut state = self.state();
        state.change(key);
        Pending { underway: self, before: state.next, of: Some(key) }
    }

    /// All keys are.
    pub(super) fn forget_all(&self) -> Pending<'_> {
        let mut state = self.state();
        state.clearings += 1;
        Pending { underway: self, before: state.next, of: None }
    }
}

impl State {
    fn change(&mut self, key: u128) {
        if let Some(known) = self.keys.get_mut(&key) {
            known.changes += 1;
        }
    }

    /// Of a key that nothing is under way of, there is nothing to know.
    fn tidy(&mut self, key: u128) {
        if self.keys.get(&key).is_some_and(|known| known.courses == 0 && known.writings == 0) {
            self.keys.remove(&key);
        }
    }
}

/// A computation that is under way.
pub(super) struct Course<'a> {
    underway: &'a Underway,
    key: u128,
    clearings: u64,
    changes: u64,
}

impl Course<'_> {
    /// Whether its result may be stored still; it is being stored then, for as long as what is returned lives.
    pub(super) fn store(&self) -> Option<Storing<'_>> {
        let mut state = self.underway.state();
        let known = state.keys.get(&self.key)?;
        let is_declined = known.writings > 0 || known.changes != self.changes;
        if is_declined || state.clearings != self.clearings {
            return None;
        }
        let writing = Writing::of(self.underway, &mut state, self.key);
        let number = state.next;
        state.next += 1;
        state.storing.insert(number, self.key);
        Some(Storing { number, writing })
    }
}

impl Drop for Course<'_> {
    fn drop(&mut self) {
        let mut state = self.underway.state();
        if let Some(key) = state.keys.get_mut(&self.key) {
            key.courses -= 1;
        }
        state.tidy(self.key);
    }
}

/// A key whose value is being written. No other result is stored meanwhile, nor afterwards one whose course has begun before: it may not
/// have seen this one, which others have. So too if the writing fails, or ends halfway, when nobody knows what is there.
pub(super) struct Writing<'a> {
    underway: &'a Underway,
    key: u128,
}

impl<'a> Writing<'a> {
    fn of(underway: &'a Underway, state: &mut State, key: u128) -> Self {
        let known = state.keys.entry(key).or_default();
        known.writings += 1;
        known.changes += 1;
        Self { underway, key }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut state = self.underway.state();
        if let Some(known) = state.keys.get_mut(&self.key) {
            known.writings -= 1;
            known.changes += 1;
        }
        state.tidy(self.key);
    }
}

/// A result that is being stored.
pub(super) struct Storing<'a> {
    number: u64,
    writing: Writing<'a>,
}

impl Drop for Storing<'_> {
    fn drop(&mut self) {
        let underway = self.writing.underway;
        let mut state = underway.state();
        state.storing.remove(&self.number);
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        underway.stored.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// Results that are being stored, and were computed before a forgetting.
pub(super) struct Pending<'a> {
    underway: &'a Underway,
    before: u64,
    of: Option<u128>,
}

impl Pending<'_> {
    fn is_over(&self, state: &State) -> bool {
        let mut earlier = state.storing.range(..self.before);
        !earlier.any(|(_, key)| self.of.is_none_or(|of| of == *key))
    }

    /// Stops the thread until they are stored.
    pub(super) fn wait(self) {
        let mut state = self.underway.state();
        while !self.is_over(&state) {
            state = self.underway.stored.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until they are stored.
    pub(super) async fn wait_async(self) {
        poll_fn(|context| {
            let mut state = self.underway.state();
            if self.is_over(&state) {
                return Poll::Ready(());
            }
            state.wakers.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_first_is_stored() {
        let underway = Underway::default();
        let (first, second, other) = (underway.begin(1), underway.begin(1), underway.begin(2));
        drop(first.store().expect("it is the first"));
        assert!(second.store().is_none());
        assert!(other.store().is_some());
        assert!(underway.begin(1).store().is_some());
    }

    #[test]
    fn what_began_before_another_was_stored_is_not() {
        let underway = Underway::default();
        let first = underway.begin(1);
        let storing = first.store().expect("it is the first");
        // One that does not see what is being stored, and may end before or after it.
        let second = underway.begin(1);
        assert!(second.store().is_none());
        drop(storing);
        assert!(second.store().is_none());
        drop(underway.begin(1).store().expect("it began after that"));
    }

    #[test]
    fn what_began_before_another_was_put_in_place_is_not_stored() {
        let underway = Underway::default();
        let before = underway.begin(1);
        let (pending, writing) = underway.replace(1);
        pending.wait();
        let meanwhile = underway.begin(1);
        assert!(before.store().is_none() && meanwhile.store().is_none());
        // Others that put something in place, or forget, do not wait for it.
        underway.replace(1).0.wait();
        underway.forget(1).wait();
        drop(writing);
        assert!(before.store().is_none() && meanwhile.store().is_none());
        assert!(underway.begin(1).store().is_some());
        drop((before, meanwhile));
        assert!(underway.state().keys.is_empty());
    }

    #[test]
    fn what_was_forgotten_is_not_stored() {
        let underway = Underway::default();
        let courses = [1, 2].map(|key| underway.begin(key));
        underway.forget(1).wait();
        assert!(courses[0].store().is_none());
        assert!(courses[1].store().is_some());
        let course = underway.begin(3);
        underway.forget_all().wait();
        assert!(course.store().is_none());
        assert!(underway.begin(3).store().is_some());
    }

    #[test]
    fn who_forgets_waits_for_what_is_being_stored() {
        let underway = Underway::default();
        let course = underway.begin(1);
        let storing = course.store().expect("nothing was forgotten");
        let pending = underway.forget(1);
        assert!(!pending.is_over(&underway.state()));
        assert!(underway.forget(2).is_over(&underway.state()));
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| pending.wait());
            drop(storing);
            waits.join().expect("it ends");
        });
        drop(course);
        assert!(underway.state().keys.is_empty());
    }
}
