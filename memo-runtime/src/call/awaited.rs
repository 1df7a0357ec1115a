//! How is a call made whose body is `async`?

use std::{
    future::{Future, poll_fn},
    pin::pin,
};

use super::{Call, KeepingPlace, Key, Missed, Place, Value, keep, keep_ref};
use crate::{
    key::{Argument, Arguments, BodyPart},
    outcome::{Outcome, RefOutcome},
    store::{CloneStore, RefStore, Store, ValueRef},
};

impl<P: Place, O> Call<P, O> {
    /// Like `call`, for an `async` body. No lock is held across an await.
    #[inline]
    pub(crate) async fn run_async<A, R, B, F>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> F,
        F: Future<Output = R>,
    {
        let Missed { hash, ticket, key, rest } = match self.look_once(args) {
            Ok(result) => return result,
            Err(missed) => missed,
        };
        let result = in_place(&self.place, body(rest)).await;
        let store = self.place.open();
        let keeper = (self.outcome, self.place.lifespan());
        keep::<P::Store, A, O, _, R>(&*store, keeper, hash, ticket, key, result)
    }

    /// A look-up wherever the store is, which is not held open for the body.
    fn look_once<A, R>(&self, args: A) -> Result<R, Missed<P::Store, A>>
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        let hash = <P::Store as Store>::hash(&args);
        let store = self.place.open();
        if let Some(found) = store.find(hash, &args) {
            return Ok(found.cloned(|value| O::join(Ok(value))));
        }
        Err(Missed::new(&*store, hash, args))
    }

    /// Like [`Call::call_ref`], for an `async` body.
    #[inline]
    pub async fn call_ref_async<'a, A, R, B, F, Rest>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(Rest) -> F,
        F: Future<Output = R>,
        Value<P>: 'a,
    {
        let Missed { hash, key, rest, .. } = match self.look_once_ref(args) {
            Ok(value) => return O::join_ref(Ok(value)),
            Err(missed) => missed,
        };
        let result = in_place(&self.place, body(rest)).await;
        let (store, _open) = self.place.open_lasting();
        keep_ref::<P::Store, A, O, R>(store, self.outcome, hash, key, result)
    }

    /// [`Call::look_once`] for [`Call::call_ref_async`].
    fn look_once_ref<'a, A>(&self, args: A) -> Result<&'a Value<P>, Missed<P::Store, A>>
    where
        P: KeepingPlace<'a>,
        A: Argument<Key<P>>,
    {
        let hash = <P::Store as Store>::hash(&args);
        let (store, _open) = self.place.open_lasting();
        store.hit_ref(hash, &args).ok_or_else(|| Missed::new(store, hash, args))
    }
}

/// Polls within `place`, so that what one poll of a call on a mutating instance stores is there for the calls in it.
pub(crate) async fn in_place<P: Place, F: Future>(place: &P, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _open = place.open();
        future.as_mut().poll(context)
    })
    .await
}
