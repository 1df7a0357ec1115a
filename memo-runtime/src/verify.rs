//! Is a cached result still what the body computes? The feature `verify` asks at every hit.
//!
//! The expansion puts `.verified(checks)` before the call. A [`Verified`] call looks up as the call would, and counts and promotes
//! as it would. On a hit the body runs, with no lock held, and what it returns is compared. While it runs, memoized calls of
//! this thread are answered without a trace ([`run`]).
//!
//! With `returns = "ref"`, what a call in such a body misses is stored for good, uncounted: a reference to it may leave the body.

mod checks;
mod compare;
mod run;
mod sample;
mod site;

pub use self::{
    checks::{Checks, MayCheck, Unchecked},
    compare::{Compared, Shown},
    site::Site,
};

use std::future::Future;

use self::{checks::report, run::running};
use crate::{
    call::{Call, FlightKey, SingleFlight, in_place, keep},
    key::{Argument, Arguments, BodyPart, KeyPart, Known, Lookup},
    outcome::{Always, OnlyIf, OnlyOk, OnlyOkIf, Outcome, RefOutcome},
    place::{KeepingPlace, Place},
    running::is_running,
    store::{As, CacheOk, CacheValue, CloneStore, RefStore, Store, StoredKey, ValueRef},
};

/// The stored form of a key.
pub type Stored<K> = <K as KeyPart>::Stored;

type Key<P> = <<P as Place>::Store as Store>::Key;
type Value<P> = <<P as Place>::Store as Store>::Value;

/// A memoized call whose hits are verified.
#[must_use]
pub struct Verified<Call, C> {
    call: Call,
    checks: C,
}

/// The calls that return clones, one pair for each outcome, as [`crate::call`] has them.
macro_rules! calls {
    ($call:ident, $outcome:ty, [$($filter:ident)?], $result:ident: $is:ident, $value:ty, [$($bound:tt)*]) => {
        impl<P: Place, $($filter,)? C> Verified<$call<P, $outcome>, C> {
            /// The cached result for `args`, or that of `body`.
            #[track_caller]
            pub fn call<A, $result, B, Rest>(self, args: A, body: B) -> $result
            where
                $($bound)*
                $result: $is,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                C: MayCheck<$value, $result, StoredKey<P::Store>>,
                B: FnOnce(Rest) -> $result,
            {
                self.run(args, body)
            }

            /// The same for an `async` body. No lock is held across an await.
            pub async fn call_async<A, $result, B, Body, Rest>(self, args: A, body: B) -> $result
            where
                $($bound)*
                $result: $is,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                C: MayCheck<$value, $result, StoredKey<P::Store>>,
                B: FnOnce(Rest) -> Body,
                Body: Future<Output = $result>,
            {
                self.run_async(args, body).await
            }
        }
    };
}

/// What is the same for a call and for one with `single_flight`, which asks for more: a miss is left to it.
macro_rules! verified {
    ($call:ident, $bound:tt) => {
        impl<P, O> $call<P, O> {
            /// Verifies hits.
            #[inline]
            pub fn verified<V, R, K>(
                self,
                checks: Checks<V, R, K>,
            ) -> Verified<Self, Checks<V, R, K>> {
                Verified { call: self, checks }
            }

            /// Verifies nothing, but leaves no trace in a body that is run to verify.
            #[inline]
            pub fn unverified(self) -> Verified<Self, Unchecked> {
                Verified { call: self, checks: Unchecked }
            }
        }

        verified_calls!($call, $bound);
        calls!($call, Always, [], R: CacheValue, R, $bound);
        calls!($call, OnlyIf<F>, [F], R: CacheValue, R, $bound);
        calls!($call, OnlyOk, [], R: CacheOk, R::Ok, $bound);
        calls!($call, OnlyOkIf<F>, [F], R: CacheOk, R::Ok, $bound);
    };
}

/// How hits are verified, once for all outcomes.
macro_rules! verified_calls {
    ($call:ident, [$($bound:tt)*]) => {
        impl<P: Place, O, C> Verified<$call<P, O>, C> {
            #[track_caller]
            fn run<A, R, B>(self, args: A, body: B) -> R
            where
                $($bound)*
                P::Store: CloneStore<Value: Clone>,
                A: Argument<Key<P>>,
                O: Outcome<R, Value = Value<P>>,
                C: MayCheck<Value<P>, R, StoredKey<P::Store>>,
                B: FnOnce(A::Rest) -> R,
            {
                let Self { call, checks } = self;
                if sample::is_off() {
                    return call.run(args, body);
                }
                let hash = <P::Store as Store>::hash(&args);
                if is_running() {
                    let (place, outcome) = call.into_parts();
                    return place.aside(|store, beside| {
                        let value = store.peek(hash, &args);
                        match (value.or_else(|| beside?.peek(hash, &args)), beside) {
                            (Some(value), _) => O::join(Ok(value)),
                            (None, Some(beside)) => {
                                let ticket = beside.begin(hash);
                                let (key, rest) = args.split();
                                keep::<P::Store, A, O, _, R>(
                                    beside,
                                    (outcome, place.lifespan()),
                                    hash,
                                    ticket,
                                    key,
                                    body(rest),
                                )
                            }
                            (None, None) => body(args.split().1),
                        }
                    });
                }
                let place = call.place();
                let found = found(&*place.open(), hash, &args);
                match found {
                    Some(value) => {
                        let checks = checks.checks().filter(|_| sample::is_due());
                        report(checks.and_then(|checks| checks.verify(place, hash, args, &value, body)));
                        O::join(Ok(value))
                    }
                    None => {
                        note(place, hash);
                        call.run(args, body)
                    }
                }
            }

            async fn run_async<A, R, B, F>(self, args: A, body: B) -> R
            where
                $($bound)*
                P::Store: CloneStore<Value: Clone>,
                A: Argument<Key<P>>,
                O: Outcome<R, Value = Value<P>>,
                C: MayCheck<Value<P>, R, StoredKey<P::Store>>,
                B: FnOnce(A::Rest) -> F,
                F: Future<Output = R>,
            {
                let Self { call, checks } = self;
                if sample::is_off() {
                    return call.run_async(args, body).await;
                }
                let hash = <P::Store as Store>::hash(&args);
                if is_running() {
                    let (place, outcome) = call.into_parts();
                    if let Some(value) = place.aside(|store, beside| {
                        store.peek(hash, &args).or_else(|| beside?.peek(hash, &args))
                    }) {
                        return O::join(Ok(value));
                    }
                    let (key, rest) = args.split();
                    let result = in_place(&place, body(rest)).await;
                    return place.aside(|_, beside| match beside.filter(|_| is_running()) {
                        Some(beside) => {
                            let ticket = beside.begin(hash);
                            keep::<P::Store, A, O, _, R>(
                                beside,
                                (outcome, place.lifespan()),
                                hash,
                                ticket,
                                key,
                                result,
                            )
                        }
                        None => result,
                    });
                }
                let place = call.place();
                let due = checks.checks().filter(|_| sample::is_due());
                // The future is to be `Send` where the body's is: no value is held across an await, but looked up again.
                let mut is_hit = false;
                if let Some(value) = found(&*place.open(), hash, &args) {
                    if due.is_none() {
                        return O::join(Ok(value));
                    }
                    is_hit = true;
                }
                if let Some(checks) = due.filter(|_| is_hit) {
                    let (key, rest) = checks.begin(args);
                    let now = running(checks.site, place, body(rest)).await;
                    let Some(value) = place.open().peek(hash, &Known::<A::Key>(&key)) else {
                        // It was forgotten meanwhile.
                        return now;
                    };
                    report(checks.end(place, hash, key, &value, now));
                    return O::join(Ok(value));
                }
                note(place, hash);
                call.run_async(args, body).await
            }

            /// Like `call`, with a reference to the cached value.
            #[track_caller]
            pub fn call_ref<'a, A, R, B, Rest>(self, args: A, body: B) -> O::Reference<'a>
            where
                $($bound)*
                P: KeepingPlace<'a>,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                O: RefOutcome<R, Value = Value<P>>,
                C: MayCheck<Value<P>, R, StoredKey<P::Store>>,
                B: FnOnce(Rest) -> R,
                Value<P>: 'a,
            {
                let Self { call, checks } = self;
                if sample::is_off() {
                    return call.call_ref(args, body);
                }
                let hash = <P::Store as Store>::hash(&args);
                if is_running() {
                    let (place, outcome) = call.into_parts();
                    return O::join_ref(lasting(&place, |store| match store.peek_ref(hash, &args) {
                        Some(value) => Ok(value),
                        None => {
                            let (key, rest) = args.split();
                            let kept = outcome.split(body(rest));
                            kept.map(|value| store.keep_ref_by(hash, key, value, As::<A::Key>::NEW))
                        }
                    }));
                }
                let place = call.place();
                match lasting(place, |store| store.hit_ref(hash, &args).ok_or(())) {
                    Ok(value) => {
                        let checks = checks.checks().filter(|_| sample::is_due());
                        report(checks.and_then(|checks| checks.verify(place, hash, args, value, body)));
                        O::join_ref(Ok(value))
                    }
                    Err(()) => {
                        note(place, hash);
                        call.call_ref(args, body)
                    }
                }
            }

            /// Like [`Verified::call_ref`], for an `async` body.
            pub async fn call_ref_async<'a, A, R, B, F, Rest>(self, args: A, body: B) -> O::Reference<'a>
            where
                $($bound)*
                P: KeepingPlace<'a>,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                O: RefOutcome<R, Value = Value<P>>,
                C: MayCheck<Value<P>, R, StoredKey<P::Store>>,
                B: FnOnce(Rest) -> F,
                F: Future<Output = R>,
                Value<P>: 'a,
            {
                let Self { call, checks } = self;
                if sample::is_off() {
                    return call.call_ref_async(args, body).await;
                }
                let hash = <P::Store as Store>::hash(&args);
                let is_nested = is_running();
                let found = lasting(call.place(), |store| {
                    let found =
                        if is_nested { store.peek_ref(hash, &args) } else { store.hit_ref(hash, &args) };
                    found.ok_or(())
                });
                let checks = checks.checks().filter(|_| !is_nested && sample::is_due());
                let is_hit = match found {
                    Ok(value) if checks.is_none() => return O::join_ref(Ok(value)),
                    Ok(_) => true,
                    Err(()) if !is_nested => {
                        note(call.place(), hash);
                        return call.call_ref_async(args, body).await;
                    }
                    Err(()) => false,
                };
                let (place, outcome) = call.into_parts();
                let checks = checks.filter(|_| is_hit);
                let (key, now) = match checks {
                    Some(checks) => {
                        let (key, rest) = checks.begin(args);
                        (key, running(checks.site, &place, body(rest)).await)
                    }
                    None => {
                        let (key, rest) = args.split();
                        (key, in_place(&place, body(rest)).await)
                    }
                };
                // The future is to be `Send` where the body's is: no reference is held across an await, but looked up again.
                if let Some(checks) = checks {
                    let known = Known::<A::Key>(&key);
                    if let Ok(value) = lasting(&place, |store| store.peek_ref(hash, &known).ok_or(())) {
                        report(checks.end(&place, hash, key, value, now));
                        return O::join_ref(Ok(value));
                    }
                }
                O::join_ref(outcome.split(now).and_then(|value| {
                    lasting(&place, |store| Ok(store.keep_ref_by(hash, key, value, As::<A::Key>::NEW)))
                }))
            }
        }
    };
}
verified!(Call, []);
verified!(SingleFlight, [StoredKey<P::Store>: FlightKey,]);

/// Notes when a result was computed: the instance does not change meanwhile.
fn note<P: Place>(place: &P, hash: u64) {
    if let Some(noted) = place.notes() {
        noted.computed(hash);
    }
}

/// A call's look-up, of a clone.
fn found<S: CloneStore<Value: Clone>, A: Lookup<S::Key>>(
    store: &S,
    hash: u64,
    args: &A,
) -> Option<S::Value> {
    store.find(hash, args).map(|found| found.read(Clone::clone))
}

/// Uses a store whose values last, so that a reference to one may be returned.
fn lasting<'a, P: KeepingPlace<'a>, T>(place: &P, operation: impl FnOnce(&'a P::Store) -> T) -> T {
    let (store, _open) = place.open_lasting();
    operation(store)
}
