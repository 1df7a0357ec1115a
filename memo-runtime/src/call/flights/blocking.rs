//! How does a call with `single_flight` wait for another thread?

use std::{num::NonZero, sync::Arc};

use super::{
    super::{
        Call, KeepingPlace, Key, KnownHash, MOST_MOVED, Missed, Place, Value, answer_ref, hash_of,
        keep, keep_ref,
    },
    FlightKey, Never, SingleFlight, arrive, find, flights, land, look_around,
};
use crate::{
    flight::{Boarded, Landed, Leader},
    key::{Argument, Arguments, BodyPart, KeyType, Known},
    outcome::{Outcome, RefOutcome},
    store::{CloneStore, FlightsOf, Look, RefStore, Store, StoredKey, ValueRef},
    term::Lifespan,
};

impl<P: Place, O> SingleFlight<P, O> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "as that of a call")]
    pub(crate) fn run<A, R, B>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        match self.look(args) {
            Ok(result) => result,
            Err((hash, args)) => self.run_slowly(hash, args, body),
        }
    }

    /// A first look, as that of a call.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[allow(clippy::inline_always, reason = "as that of a call")]
    fn look<A, R>(&self, args: A) -> Result<R, (KnownHash, A)>
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        if size_of::<R>() > MOST_MOVED {
            return Err((None, args));
        }
        let Some(store) = self.call.place.direct() else { return Err((None, args)) };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else { return Err((None, args)) };
        match store.look(hash, &args) {
            Look::Found(found) => Ok(found.cloned(|value| O::join(Ok(value)))),
            Look::Absent | Look::Unsure => Err((NonZero::new(hash), args)),
        }
    }

    #[cold]
    #[inline(never)]
    fn run_slowly<A, R, B>(self, hash: KnownHash, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = hash_of::<P::Store, A>(hash, &args);
        let keeper = (outcome, place.lifespan());
        let store = place.open();
        if let Some(result) = find::<_, _, O, R>(&*store, hash, &args) {
            return result;
        }
        match flights(&*store) {
            Some(flights) => fly(&*store, flights, keeper, name, hash, args, body),
            None => {
                let Missed { hash, ticket, key, rest } =
                    Missed::<P::Store, A>::new(&*store, hash, args);
                keep::<P::Store, A, O, _, R>(&*store, keeper, hash, ticket, key, body(rest))
            }
        }
    }

    /// Like `call`, with a reference to the cached value.
    #[inline]
    pub fn call_ref<'a, A, R, B, Rest>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        StoredKey<P::Store>: FlightKey,
        A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(Rest) -> R,
        Value<P>: 'a,
    {
        let Some(store) = self.call.place.direct_lasting() else {
            return self.call_ref_slowly(None, args, body);
        };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else {
            return self.call_ref_slowly(None, args, body);
        };
        match store.hit_ref(hash, &args) {
            Some(value) => O::join_ref(Ok(value)),
            None => self.call_ref_slowly(NonZero::new(hash), args, body),
        }
    }

    #[cold]
    #[inline(never)]
    fn call_ref_slowly<'a, A, R, B>(self, hash: KnownHash, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
        Value<P>: 'a,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = hash_of::<P::Store, A>(hash, &args);
        let (store, _open) = place.open_lasting();
        if let Some(value) = store.hit_ref(hash, &args) {
            return O::join_ref(Ok(value));
        }
        match flights(store) {
            Some(flights) => fly_ref(store, flights, outcome, name, hash, args, body),
            None => answer_ref(store, outcome, hash, args, body),
        }
    }
}

/// A miss: leads, or waits.
#[inline(never)]
fn fly<S, A, O, L, R, B>(
    store: &S,
    flights: &Arc<FlightsOf<S>>,
    keeper: (O, L),
    name: &'static str,
    hash: u64,
    args: A,
    body: B,
) -> R
where
    S: CloneStore<Value: Clone>,
    StoredKey<S>: Clone,
    A: Argument<S::Key>,
    O: Outcome<R, Value = S::Value>,
    L: Lifespan<S::Value, Term = S::Term>,
    B: FnOnce(A::Rest) -> R,
{
    let (key, rest) = args.split();
    loop {
        let landed = match flights.board(name, hash, &key, A::Key::same) {
            Boarded::Leads(leader) => {
                if let Some(result) = look_around::<A::Key, _, O, R>(store, &leader, hash, &key) {
                    return result;
                }
                let ticket = store.begin(hash);
                let result = {
                    let _body = leader.in_body();
                    body(rest)
                };
                return land::<S, A, O, L, R>(store, leader, keeper, result, ticket, hash, key);
            }
            Boarded::Waits(waiter) => waiter.wait(),
        };
        match arrive::<A::Key, _, O, R>(store, landed, hash, &key) {
            Ok(Some(result)) => return result,
            Ok(None) => {}
            Err(Never) => break,
        }
    }
    let ticket = store.begin(hash);
    keep::<S, A, O, L, R>(store, keeper, hash, ticket, key, body(rest))
}

/// [`fly`] for a store that lends: it forgets nothing, so that those who wait find the value there.
#[inline(never)]
fn fly_ref<'s, S, A, O, R, B>(
    store: &'s S,
    flights: &Arc<FlightsOf<S>>,
    outcome: O,
    name: &'static str,
    hash: u64,
    args: A,
    body: B,
) -> O::Reference<'s>
where
    S: RefStore,
    StoredKey<S>: Clone,
    A: Argument<S::Key>,
    O: RefOutcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    let (key, rest) = args.split();
    let leader = loop {
        let leader = match flights.board(name, hash, &key, A::Key::same) {
            Boarded::Leads(leader) => Some(leader),
            Boarded::Waits(waiter) => match waiter.wait() {
                Landed::Value(_) | Landed::Nothing => None,
                Landed::Never => break None,
            },
        };
        let _around = leader.as_ref().map(Leader::around);
        if let Some(value) = store.hit_ref(hash, &Known::<A::Key>(&key)) {
            return O::join_ref(Ok(value));
        }
        if leader.is_some() {
            break leader;
        }
    };
    store.begin(hash);
    let result = {
        let _body = leader.as_ref().map(Leader::in_body);
        body(rest)
    };
    let _around = leader.as_ref().map(Leader::around);
    keep_ref::<S, A, O, R>(store, outcome, hash, key, result)
}
