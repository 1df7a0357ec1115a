//! What happens in a call with `single_flight`?
//!
//! A hit is that of any other call. On a miss the call *boards* the flight of its key ([`crate::flight`]): it leads, and runs the body
//! as any miss does; or it waits, and returns a clone of what the leader hands on, which counts as a hit.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
};

use super::{
    Call, KeepingPlace, Key, MOST_MOVED, Missed, Place, Value, answer_ref, in_place, keep, keep_ref,
};
use crate::{
    flight::{Boarded, Landed, Leader, deadlock},
    key::{Argument, Arguments, BodyPart, KeyType, Known, Lookup},
    outcome::{Always, OnlyIf, OnlyOk, OnlyOkIf, Outcome, RefOutcome},
    store::{
        As, CacheOk, CacheValue, CloneStore, FlightsOf, Good, Kept, Look, RefStore, Store,
        StoredKey, Ticket, ValueRef, is_holding,
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
            Err(args) => self.run_slowly(args, body),
        }
    }

    /// A first look, as that of a call.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[allow(clippy::inline_always, reason = "as that of a call")]
    fn look<A, R>(&self, args: A) -> Result<R, A>
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        if size_of::<R>() > MOST_MOVED {
            return Err(args);
        }
        let Some(store) = self.call.place.direct() else { return Err(args) };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else { return Err(args) };
        match store.look(hash, &args) {
            Look::Found(found) => Ok(found.cloned(|value| O::join(Ok(value)))),
            Look::Absent | Look::Unsure => Err(args),
        }
    }

    #[cold]
    #[inline(never)]
    fn run_slowly<A, R, B>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = <P::Store as Store>::hash(&args);
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
            return self.call_ref_slowly(args, body);
        };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else {
            return self.call_ref_slowly(args, body);
        };
        match store.hit_ref(hash, &args) {
            Some(value) => O::join_ref(Ok(value)),
            None => self.call_ref_slowly(args, body),
        }
    }

    #[cold]
    #[inline(never)]
    fn call_ref_slowly<'a, A, R, B>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
        Value<P>: 'a,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = <P::Store as Store>::hash(&args);
        let (store, _open) = place.open_lasting();
        if let Some(value) = store.hit_ref(hash, &args) {
            return O::join_ref(Ok(value));
        }
        match flights(store) {
            Some(flights) => fly_ref(store, flights, outcome, name, hash, args, body),
            None => answer_ref(store, outcome, hash, args, body),
        }
    }

    /// Like `call`, for an `async` body.
    #[inline]
    pub(crate) async fn run_async<A, R, B, F>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> F,
        F: Future<Output = R>,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = <P::Store as Store>::hash(&args);
        if let Some(result) = find::<_, _, O, R>(&*place.open(), hash, &args) {
            return result;
        }
        let (key, rest) = args.split();
        let leader = loop {
            let landed = match board::<A::Key, P>(&place, name, hash, &key) {
                None => break None,
                Some(Boarded::Leads(leader)) => {
                    let found = look_around::<A::Key, _, O, R>(&*place.open(), &leader, hash, &key);
                    match found {
                        Some(result) => return result,
                        None => break Some(leader),
                    }
                }
                Some(Boarded::Waits(waiter)) => waiter.await,
            };
            match arrive::<A::Key, _, O, R>(&*place.open(), landed, hash, &key) {
                Ok(Some(result)) => return result,
                Ok(None) => {}
                Err(Never) => break None,
            }
        };
        let ticket = place.open().begin(hash);
        let Some(leader) = leader else {
            let result = in_place(&place, body(rest)).await;
            let keeper = (outcome, place.lifespan());
            return keep::<P::Store, A, O, _, R>(&*place.open(), keeper, hash, ticket, key, result);
        };
        let result = lead(&place, &leader, || body(rest)).await;
        let keeper = (outcome, place.lifespan());
        land::<P::Store, A, O, _, R>(&*place.open(), leader, keeper, result, ticket, hash, key)
    }

    /// Like [`SingleFlight::call_ref`], for an `async` body.
    #[inline]
    pub async fn call_ref_async<'a, A, R, B, F, Rest>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        StoredKey<P::Store>: FlightKey,
        A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(Rest) -> F,
        F: Future<Output = R>,
        Value<P>: 'a,
    {
        let Self { call: Call { place, outcome }, name } = self;
        let hash = <P::Store as Store>::hash(&args);
        if let Some(value) = find_lasting(&place, hash, &args) {
            return O::join_ref(Ok(value));
        }
        let (key, rest) = args.split();
        let leader = loop {
            let leader = match board::<A::Key, P>(&place, name, hash, &key) {
                None => break None,
                Some(Boarded::Leads(leader)) => Some(leader),
                Some(Boarded::Waits(waiter)) => match waiter.await {
                    Landed::Never => break None,
                    Landed::Value(_) | Landed::Nothing => None,
                },
            };
            let found = {
                let _around = leader.as_ref().map(Leader::around);
                find_lasting(&place, hash, &Known::<A::Key>(&key))
            };
            if let Some(value) = found {
                return O::join_ref(Ok(value));
            }
            if leader.is_some() {
                break leader;
            }
        };
        place.open().begin(hash);
        let result = match &leader {
            Some(leader) => lead(&place, leader, || body(rest)).await,
            None => in_place(&place, body(rest)).await,
        };
        let (store, _open) = place.open_lasting();
        let _around = leader.as_ref().map(Leader::around);
        keep_ref::<P::Store, A, O, R>(store, outcome, hash, key, result)
    }
}

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
            pub async fn call_async<A, $result, B, Body, Rest>(self, args: A, body: B) -> $result
            where
                $result: $bound,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
                StoredKey<P::Store>: FlightKey,
                A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
                B: FnOnce(Rest) -> Body,
                Body: Future<Output = $result>,
            {
                self.run_async(args, body).await
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

/// Polls as [`in_place`] does; nested calls see that the body runs. What makes the future is part of the body.
async fn lead<P: Place, K, V, F: Future>(
    place: &P,
    leader: &Leader<K, V>,
    body: impl FnOnce() -> F,
) -> F::Output {
    let body = {
        let _body = leader.in_body();
        body()
    };
    let mut body = pin!(body);
    poll_fn(|context| {
        let _open = place.open();
        let _body = leader.in_body();
        body.as_mut().poll(context)
    })
    .await
}
