//! What happens in a call with `single_flight`?
//!
//! A hit is that of any other call. On a miss the call *boards* the flight of its key ([`crate::flight`]): it leads, and runs the body
//! as any miss does; or it waits, and returns a clone of what the leader hands on, which counts as a hit.

mod awaited;
mod blocking;

use std::{future::Future, sync::Arc};

use super::{Call, KeepingPlace, Key, Place, Value};
use crate::{
    flight::{Boarded, Landed, Leader, deadlock},
    key::{Argument, Arguments, BodyPart, KeyType, Known, Lookup},
    outcome::{Always, OnlyIf, OnlyOk, OnlyOkIf, Outcome},
    store::{
        As, CacheOk, CacheValue, CloneStore, FlightsOf, Good, Kept, RefStore, Store, StoredKey,
        Ticket, ValueRef, is_holding,
    },
    term::{Lifespan, Term},
};

/// A memoized call that is about to be made, with `single_flight`.
#[must_use]
pub struct SingleFlight<P, O> {
    call: Call<P, O>,
    /// The method, as `Type::method`.
    name: &'static str,
}

impl<P, O> Call<P, O> {
    /// One body per key at a time. The name of the method is for a panic.
    #[inline]
    pub fn single_flight(self, name: &'static str) -> SingleFlight<P, O> {
        SingleFlight { call: self, name }
    }
}

#[cfg(feature = "stores")]
impl<P, O> SingleFlight<P, O> {
    pub(crate) fn into_call(self) -> (&'static str, Call<P, O>) {
        (self.name, self.call)
    }
}

#[cfg(feature = "verify")]
impl<P, O> SingleFlight<P, O> {
    pub(crate) fn place(&self) -> &P {
        &self.call.place
    }
    pub(crate) fn into_parts(self) -> (P, O) {
        self.call.into_parts()
    }
}

/// A key of which a flight has a clone.
#[diagnostic::on_unimplemented(
    message = "a key of type `{Self}` cannot be waited for; with `single_flight`, a computation holds a clone of its key; implement `Clone` for its parts, or remove `single_flight`",
    label = "needs `Clone`"
)]
pub trait FlightKey: Clone {}
#[diagnostic::do_not_recommend]
impl<K: Clone> FlightKey for K {}

/// The calls that return clones, with the bounds of `super::calls`.
macro_rules! calls {
    ($outcome:ty, [$($filter:ident)?], $result:ident: $bound:ident, $value:ty) => {
        impl<P: Place, $($filter)?> SingleFlight<P, $outcome> {
            /// The cached result for `args`, or that of `body`.
            #[inline]
            pub fn call<A, $result, B, Rest>(self, args: A, body: B) -> $result
            where
                $result: $bound,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
                StoredKey<P::Store>: FlightKey,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                B: FnOnce(Rest) -> $result,
            {
                self.run(args, body)
            }

            /// The same for an `async` body. No lock is held across an await.
            #[inline]
            pub fn call_async<A, $result, B, Body, Rest>(self, args: A, body: B) -> impl Future<Output = $result>
            where
                $result: $bound,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
                StoredKey<P::Store>: FlightKey,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                B: FnOnce(Rest) -> Body,
                Body: Future<Output = $result>,
            {
                self.run_async(args, body)
            }
        }
    };
}
calls!(Always, [], R: CacheValue, R);
calls!(OnlyIf<F>, [F], R: CacheValue, R);
calls!(OnlyOk, [], R: CacheOk, R::Ok);
calls!(OnlyOkIf<F>, [F], R: CacheOk, R::Ok);

/// The result of a call, if its value is there.
#[inline]
fn find<S, A, O, R>(store: &S, hash: u64, args: &A) -> Option<R>
where
    S: CloneStore<Value: Clone>,
    A: Lookup<S::Key>,
    O: Outcome<R, Value = S::Value>,
{
    store.find(hash, args).map(|found| found.cloned(|value| O::join(Ok(value))))
}

fn find_lasting<'a, P, A>(place: &P, hash: u64, args: &A) -> Option<&'a Value<P>>
where
    P: KeepingPlace<'a>,
    A: Lookup<Key<P>>,
{
    let (store, _open) = place.open_lasting();
    store.hit_ref(hash, args)
}

type BoardedOf<S> = Boarded<StoredKey<S>, Good<S>>;

/// The flight of a key, unless the call has to do without.
fn board<Q, P>(
    place: &P,
    name: &'static str,
    hash: u64,
    key: &StoredKey<P::Store>,
) -> Option<BoardedOf<P::Store>>
where
    Q: KeyType<Stored = StoredKey<P::Store>>,
    P: Place,
    StoredKey<P::Store>: Clone,
{
    let store = place.open();
    let boarded = flights(&*store)?.board(name, hash, key, Q::same);
    Some(boarded)
}

/// The flights of a store; none where waiting could be waiting for this thread.
fn flights<S: Store>(store: &S) -> Option<&Arc<FlightsOf<S>>> {
    if is_holding() || !deadlock::is_known() { None } else { store.flights() }
}

/// What a leader finds whose flight others can see by now.
fn look_around<Q, S, O, R>(
    store: &S,
    leader: &Leader<StoredKey<S>, Good<S>>,
    hash: u64,
    key: &StoredKey<S>,
) -> Option<R>
where
    Q: KeyType<Stored = StoredKey<S>>,
    S: CloneStore<Value: Clone>,
    O: Outcome<R, Value = S::Value>,
{
    let _around = leader.around();
    find::<_, _, O, R>(store, hash, &Known::<Q>(key))
}

/// The flight is waited for by code that it runs itself.
struct Never;

/// What one that waited has of it.
fn arrive<Q, S, O, R>(
    store: &S,
    landed: Landed<Good<S>>,
    hash: u64,
    key: &StoredKey<S>,
) -> Result<Option<R>, Never>
where
    Q: KeyType<Stored = StoredKey<S>>,
    S: CloneStore<Value: Clone>,
    O: Outcome<R, Value = S::Value>,
{
    match landed {
        Landed::Value(good) if !good.1.is_over() => {
            store.count_hit();
            Ok(Some(O::join(Ok(good.0.clone()))))
        }
        Landed::Value(_) | Landed::Nothing => Ok(find::<_, _, O, R>(store, hash, &Known::<Q>(key))),
        Landed::Never => Err(Never),
    }
}

/// Keeps the result of the body, hands it to those who wait, and returns it.
fn land<S, A, O, L, R>(
    store: &S,
    leader: Leader<StoredKey<S>, Good<S>>,
    (outcome, lifespan): (O, L),
    result: R,
    ticket: Ticket,
    hash: u64,
    key: StoredKey<S>,
) -> R
where
    S: CloneStore<Value: Clone>,
    A: Argument<S::Key>,
    O: Outcome<R, Value = S::Value>,
    L: Lifespan<S::Value, Term = S::Term>,
{
    let around = leader.around();
    let start = S::Term::now();
    let value = match outcome.split(result) {
        Ok(value) => value,
        rejected @ Err(_) => return O::join(rejected),
    };
    let Some(term) = lifespan.term(start, &value) else { return O::join(Ok(value)) };
    let is_awaited = leader.close();
    let kept = store.keep_by(ticket, hash, key, (value.clone(), term), As::<A::Key>::NEW);
    let (value, term) = match kept {
        Kept::Stored => (value, Some(term)),
        Kept::Declined => (value, None),
        // How long that one is good, the store knows.
        Kept::Present(first) => (first, (!S::Term::EXPIRES).then_some(S::Term::ENDLESS)),
    };
    let shared = term.filter(|_| is_awaited).map(|term| Arc::new((value.clone(), term)));
    drop(around);
    leader.end(shared);
    O::join(Ok(value))
}
