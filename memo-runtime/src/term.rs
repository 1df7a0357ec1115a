//! How long is an entry good?
//!
//! A store is made for one [`Term`]: [`Endless`], which takes no room and asks no clock, or [`Deadline`]. Where the store is
//! ([`Place`]) is also known how long its values are good: a [`Lifespan`].
//!
//! [`Place`]: crate::place::Place

use std::{marker::PhantomData, ops::Deref, time::Duration};

use crate::clock;

/// Until when an entry is good.
pub trait Term: Copy + Send + Sync + Unpin + 'static {
    /// Whether entries can be over. If not, no clock is asked.
    const EXPIRES: bool;
    /// That of an entry that is good until it is forgotten.
    const ENDLESS: Self;
    /// A moment.
    type Moment: Copy;
    /// The present moment.
    fn now() -> Self::Moment;
    /// The term of what is good for so long from that moment on; `None` if it is not to be kept.
    fn of(start: Self::Moment, lifespan: Duration) -> Option<Self>;
    /// Whether it is over.
    fn is_over(self) -> bool;
    /// A value with its term, for an engine.
    type Timed<V>;
    /// Puts the term beside a value.
    fn beside<V>(self, value: V) -> Self::Timed<V>;
    /// The value, if its term is not over.
    fn good<V>(timed: Self::Timed<V>) -> Option<V>;
}

/// Good until it is forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Endless;

impl Term for Endless {
    const EXPIRES: bool = false;
    const ENDLESS: Self = Self;
    type Moment = ();
    #[inline]
    fn now() {}
    #[inline]
    fn of((): (), _lifespan: Duration) -> Option<Self> {
        Some(Self)
    }
    #[inline]
    fn is_over(self) -> bool {
        false
    }
    type Timed<V> = V;
    fn beside<V>(self, value: V) -> V {
        value
    }
    fn good<V>(timed: V) -> Option<V> {
        Some(timed)
    }
}

/// The moment from which on an entry is over; the last one of all stands for never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(u64);

impl Deadline {
    /// Where the clock may lag by `resolution`.
    fn after(start: u64, lifespan: Duration, resolution: u64) -> Option<Self> {
        if lifespan.is_zero() {
            return None;
        }
        let end = u64::try_from(lifespan.as_nanos()).ok().and_then(|it| start.checked_add(it));
        let Some(end) = end else { return Some(Self::ENDLESS) };
        // Shorter than the clock can tell: no call would find it.
        let end = end.saturating_sub(resolution);
        (end > start).then_some(Self(end))
    }
}

impl Term for Deadline {
    const EXPIRES: bool = true;
    const ENDLESS: Self = Self(u64::MAX);
    type Moment = u64;
    #[inline]
    fn now() -> u64 {
        clock::now()
    }
    #[inline]
    fn of(start: u64, lifespan: Duration) -> Option<Self> {
        Self::after(start, lifespan, clock::resolution())
    }
    #[inline]
    fn is_over(self) -> bool {
        clock::now() >= self.0
    }
    type Timed<V> = Timed<V>;
    fn beside<V>(self, value: V) -> Timed<V> {
        Timed { value, deadline: self }
    }
    fn good<V>(timed: Timed<V>) -> Option<V> {
        if timed.deadline.is_over() { None } else { Some(timed.value) }
    }
}

/// A value that an engine holds for a function with `ttl`.
#[derive(Clone, Debug)]
pub struct Timed<V> {
    value: V,
    deadline: Deadline,
}

impl<V> Deref for Timed<V> {
    type Target = V;
    fn deref(&self) -> &V {
        &self.value
    }
}

/// How long a value is good that was computed at a moment.
pub trait Lifespan<V>: Copy {
    /// What the store notes.
    type Term: Term;
    /// The term of that value; `None` if it is not to be kept. May be any code.
    fn term(self, start: <Self::Term as Term>::Moment, value: &V) -> Option<Self::Term>;
}

/// Every value is good until it is forgotten.
#[derive(Debug)]
pub struct Unlimited<T>(PhantomData<fn() -> T>);

impl<T> Unlimited<T> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}
impl<T> Clone for Unlimited<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Unlimited<T> {}

impl<V, T: Term> Lifespan<V> for Unlimited<T> {
    type Term = T;
    #[inline]
    fn term(self, _start: T::Moment, _value: &V) -> Option<T> {
        Some(T::ENDLESS)
    }
}

/// What `ttl` may say: a [`Duration`], or a function of the stored value. `By` tells which.
#[diagnostic::on_unimplemented(
    message = "`ttl` says how long a stored value is good, and `{Self}` does not; write `\"30s\"`, an expression of type `Duration`, or a closure of the value, `|value| …`",
    label = "neither a `Duration` nor a function of the value"
)]
pub trait Ttl<V, By> {
    /// How long that value is good.
    fn of(self, value: &V) -> Duration;
}

/// A `Duration` says it.
pub enum BySpan {}
/// A function of the value says it.
pub enum ByValue {}

#[diagnostic::do_not_recommend]
impl<V> Ttl<V, BySpan> for Duration {
    #[inline]
    fn of(self, _value: &V) -> Duration {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<V, F: FnOnce(&V) -> Duration> Ttl<V, ByValue> for F {
    #[inline]
    fn of(self, value: &V) -> Duration {
        self(value)
    }
}

/// How long that value is good, as `ttl` says. The one place where its type is asked for, so that a wrong one is one error.
#[inline]
pub fn lifespan<V, L: Ttl<V, By>, By>(value: &V, ttl: L) -> Duration {
    ttl.of(value)
}

/// Values are good for as long as a function says.
pub struct Limited<'a, F>(pub(crate) &'a F);

impl<F> Clone for Limited<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F> Copy for Limited<'_, F> {}

impl<V, F: Fn(&V) -> Duration> Lifespan<V> for Limited<'_, F> {
    type Term = Deadline;
    fn term(self, start: u64, value: &V) -> Option<Deadline> {
        Deadline::of(start, (self.0)(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: u64 = 1000;

    fn after(lifespan: Duration, resolution: u64) -> Option<u64> {
        Deadline::after(MOMENT, lifespan, resolution).map(|deadline| deadline.0)
    }

    /// A clock that shows the last multiple of its resolution.
    fn shown(time: u64, resolution: u64) -> u64 {
        time / resolution * resolution
    }

    #[test]
    fn nothing_is_good_for_longer_than_its_lifespan_whatever_the_clock_shows() {
        let resolution = 4;
        for lifespan in 1..20 {
            for stored in 100..110 {
                let start = shown(stored, resolution);
                let deadline = Deadline::after(start, Duration::from_nanos(lifespan), resolution);
                let served = (stored..stored + 40)
                    .filter(|time| deadline.is_some_and(|it| shown(*time, resolution) < it.0));
                for time in served {
                    assert!(time - stored <= lifespan, "{lifespan} {stored} {time}");
                }
            }
        }
    }

    #[test]
    fn a_lifespan_that_the_clock_cannot_tell_is_none() {
        assert_eq!(after(Duration::ZERO, 0), None);
        assert_eq!(after(Duration::from_nanos(4), 4), None);
        assert_eq!(after(Duration::from_nanos(5), 4), Some(MOMENT + 1));
        assert_eq!(after(Duration::from_nanos(1), 0), Some(MOMENT + 1));
    }

    #[test]
    fn what_is_too_long_never_ends() {
        for lifespan in
            [Duration::MAX, Duration::from_nanos(u64::MAX), Duration::from_secs(1 << 40)]
        {
            assert_eq!(after(lifespan, 4), Some(u64::MAX));
            assert!(!Deadline::of(clock::now(), lifespan).expect("it is kept").is_over());
        }
    }
}
