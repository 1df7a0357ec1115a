//! How does an async call with `single_flight` wait for another task?

use std::{
    future::{Future, poll_fn},
    pin::pin,
};

use super::{
    super::{Call, KeepingPlace, Key, Place, Value, in_place, keep, keep_ref},
    FlightKey, Never, SingleFlight, arrive, board, find, find_lasting, land, look_around,
};
use crate::{
    flight::{Boarded, Landed, Leader},
    key::{Argument, Arguments, BodyPart, Known},
    outcome::{Outcome, RefOutcome},
    store::{CloneStore, Store, StoredKey},
};

impl<P: Place, O> SingleFlight<P, O> {
    /// Like `call`, for an `async` body.
    ///
    /// What is left of the arguments is there while it waits. Its type has a name of its own: of `A::Rest` the compiler forgets that
    /// the lifetimes in `A` and in the key are the same when it asks whether the future is `Send`.
    #[inline]
    pub(crate) async fn run_async<A, R, B, F, Rest>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        StoredKey<P::Store>: FlightKey,
        A: Argument<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(Rest) -> F,
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
