//! What happens in a memoized call?
//!
//! A [`Call`] knows the [`Place`] of its store and which results are kept ([`Outcome`]). All forms of a call do the same: they
//! look up, and the look-up returns; on a miss they run the body, one level below the method and with no lock held; and they
//! keep a clone of the result.

mod awaited;
mod flights;

pub(crate) use self::awaited::in_place;
#[cfg(feature = "verify")]
pub(crate) use self::flights::FlightKey;
pub use self::flights::SingleFlight;

use std::{future::Future, num::NonZero, time::Duration};

use crate::{
    key::{Argument, Arguments, BodyPart, Lookup},
    outcome::{Always, OnlyIf, OnlyOk, OnlyOkIf, Outcome, RefOutcome},
    place::{KeepingPlace, Place, Timed, Value},
    store::{
        As, CacheOk, CacheValue, CloneStore, Kept, Look, RefStore, Store, StoredKey, Ticket,
        ValueRef,
    },
    term::{Lifespan, Term},
};

/// A memoized call that is about to be made.
#[must_use]
pub struct Call<P, O> {
    pub(crate) place: P,
    outcome: O,
}

impl<P> Call<P, Always> {
    /// A call that keeps every result.
    #[inline]
    pub const fn new(place: P) -> Self {
        Self { place, outcome: Always }
    }
    /// Keeps `Ok`, as its value.
    #[inline]
    pub fn only_ok(self) -> Call<P, OnlyOk> {
        Call { place: self.place, outcome: OnlyOk }
    }
    /// Keeps a result for which `predicate` holds.
    #[inline]
    pub fn only_if<R, F: FnOnce(&R) -> bool>(self, predicate: F) -> Call<P, OnlyIf<F>> {
        Call { place: self.place, outcome: OnlyIf(predicate) }
    }
}

impl<P, F> Call<P, OnlyIf<F>> {
    /// Keeps a result for which `predicate` holds, too.
    #[inline]
    pub fn and_if<R, G>(self, predicate: G) -> Call<P, OnlyIf<impl FnOnce(&R) -> bool>>
    where
        F: FnOnce(&R) -> bool,
        G: FnOnce(&R) -> bool,
    {
        let OnlyIf(first) = self.outcome;
        let both = |result: &R| first(result) && predicate(result);
        Call { place: self.place, outcome: OnlyIf(both) }
    }
}

impl<P: Place, O> Call<P, O> {
    /// Keeps results for as long as a function of the value says.
    #[inline]
    pub fn ttl<F: Fn(&Value<P>) -> Duration>(self, lifespan: F) -> Call<Timed<P, F>, O> {
        Call { place: Timed::new(self.place, lifespan), outcome: self.outcome }
    }
}

impl<P> Call<P, OnlyOk> {
    /// Keeps `Ok`, as its value, if `predicate` holds.
    #[inline]
    pub fn and_only_if<R, F: FnOnce(&R) -> bool>(self, predicate: F) -> Call<P, OnlyOkIf<F>> {
        Call { place: self.place, outcome: OnlyOkIf(predicate) }
    }
}

impl<P, O> Call<P, O> {
    #[cfg(feature = "verify")]
    pub(crate) fn place(&self) -> &P {
        &self.place
    }
    #[cfg(any(feature = "stores", feature = "verify"))]
    pub(crate) fn into_parts(self) -> (P, O) {
        (self.place, self.outcome)
    }
}

/// The key marker of the store at `P`.
type Key<P> = <<P as Place>::Store as Store>::Key;

/// What a first look-up says. It returns before the body runs, so that its frame is not below that of the body.
enum Looked<S: Store, A: Argument<S::Key>, R> {
    Hit(R),
    Absent(Missed<S, A>),
    /// A first look was not enough, the store is not at hand, nothing was hashed yet, or the result is large.
    Elsewhere(KnownHash, A),
}

/// The hash of a key, if it is known. One of 0 is as if it were not: so this takes one word of each frame.
type KnownHash = Option<NonZero<u64>>;

fn hash_of<S: Store, A: Lookup<S::Key>>(known: KnownHash, args: &A) -> u64 {
    known.map_or_else(|| S::hash(args), NonZero::get)
}

/// From which size on a result is written to where the call returns it, and not moved there.
const MOST_MOVED: usize = 64;

/// What is left of the arguments when the body has to run, and what is needed to keep its result.
struct Missed<S: Store, A: Argument<S::Key>> {
    hash: u64,
    ticket: Ticket,
    key: StoredKey<S>,
    rest: A::Rest,
}

impl<S: Store, A: Argument<S::Key>> Missed<S, A> {
    #[inline]
    fn new(store: &S, hash: u64, args: A) -> Self {
        let ticket = store.begin(hash);
        let (key, rest) = args.split();
        Self { hash, ticket, key, rest }
    }
}

impl<P: Place, O> Call<P, O> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a frame less below each level of a recursion")]
    pub(crate) fn run<A, R, B>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        match self.look(args) {
            Looked::Hit(result) => result,
            Looked::Absent(Missed { hash, ticket, key, rest }) => {
                let result = body(rest);
                self.keep::<A, R>(hash, ticket, key, result)
            }
            Looked::Elsewhere(hash, args) => self.run_elsewhere(hash, args, body),
        }
    }

    /// Takes the arguments and gives them back, so that they can stay in registers all the way: in memory they are written part
    /// by part and read as a whole to be hashed, which a processor cannot do before all that came earlier is done.
    ///
    /// Outlined, it would return a large result in memory, to be copied; inlined in a debug build, its frame would be below the
    /// body's.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[allow(clippy::inline_always, reason = "see above")]
    fn look<A, R>(&self, args: A) -> Looked<P::Store, A, R>
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        if size_of::<R>() > MOST_MOVED {
            return Looked::Elsewhere(None, args);
        }
        let Some(store) = self.place.direct() else { return Looked::Elsewhere(None, args) };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else {
            return Looked::Elsewhere(None, args);
        };
        match store.look(hash, &args) {
            Look::Found(found) => Looked::Hit(found.cloned(|value| O::join(Ok(value)))),
            Look::Absent => Looked::Absent(Missed::new(store, hash, args)),
            // In a debug build what is outlined stays below the body.
            Look::Unsure if cfg!(debug_assertions) => match store.find(hash, &args) {
                Some(found) => Looked::Hit(found.cloned(|value| O::join(Ok(value)))),
                None => Looked::Absent(Missed::new(store, hash, args)),
            },
            Look::Unsure => Looked::Elsewhere(NonZero::new(hash), args),
        }
    }

    /// Keeps the result of the body, and returns it.
    #[inline]
    fn keep<A, R>(self, hash: u64, ticket: Ticket, key: StoredKey<P::Store>, result: R) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        match self.place.direct() {
            Some(store) => {
                let keeper = (self.outcome, self.place.lifespan());
                keep::<P::Store, A, O, _, R>(store, keeper, hash, ticket, key, result)
            }
            // The body has changed where the store is: what it computed belongs nowhere.
            None => result,
        }
    }

    /// [`Call::run`] where that takes more than a first look. What is open stays so while the body runs. All of it is one call at
    /// the end of the other, which so has nothing to save for it: a hit would pay for that.
    #[cold]
    #[inline(never)]
    fn run_elsewhere<A, R, B>(self, hash: KnownHash, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        let store = self.place.open();
        let hash = hash_of::<P::Store, A>(hash, &args);
        if let Some(found) = store.find(hash, &args) {
            return found.cloned(|value| O::join(Ok(value)));
        }
        let Missed { hash, ticket, key, rest } = Missed::new(&*store, hash, args);
        let keeper = (self.outcome, self.place.lifespan());
        keep::<P::Store, A, O, _, R>(&*store, keeper, hash, ticket, key, body(rest))
    }

    /// Like `call`, with a reference to the cached value.
    #[inline]
    pub fn call_ref<'a, A, R, B, Rest>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        A: Arguments<Key<P>> + BodyPart<Key<P>, Rest = Rest>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(Rest) -> R,
        Value<P>: 'a,
    {
        let Some(store) = self.place.direct_lasting() else {
            return self.call_ref_elsewhere(args, body);
        };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else {
            return self.call_ref_elsewhere(args, body);
        };
        match store.hit_ref(hash, &args) {
            Some(value) => O::join_ref(Ok(value)),
            None => answer_ref(store, self.outcome, hash, args, body),
        }
    }

    /// [`Call::call_ref`] where there are no caches yet, or others.
    #[cold]
    #[inline(never)]
    fn call_ref_elsewhere<'a, A, R, B>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        A: Argument<Key<P>>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
        Value<P>: 'a,
    {
        let (store, _open) = self.place.open_lasting();
        let hash = <P::Store as Store>::hash(&args);
        match store.hit_ref(hash, &args) {
            Some(value) => O::join_ref(Ok(value)),
            None => answer_ref(store, self.outcome, hash, args, body),
        }
    }
}

/// The calls that return clones, one pair for each outcome. That what is stored can be cloned is asked of the result
/// alone, so that a missing `Clone` is reported at the name of the call, which the attribute puts at the return type.
macro_rules! calls {
    ($outcome:ty, [$($filter:ident)?], $result:ident: $bound:ident, $value:ty) => {
        impl<P: Place, $($filter)?> Call<P, $outcome> {
            /// The cached result for `args`, or that of `body`.
            #[inline]
            pub fn call<A, $result, B, Rest>(self, args: A, body: B) -> $result
            where
                $result: $bound,
                $outcome: Outcome<$result, Value = $value>,
                P::Store: CloneStore<Value = $value>,
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

/// Keeps what the body has just returned, and returns it.
pub(crate) fn keep<S, A, O, L, R>(
    store: &S,
    (outcome, lifespan): (O, L),
    hash: u64,
    ticket: Ticket,
    key: StoredKey<S>,
    result: R,
) -> R
where
    S: CloneStore<Value: Clone>,
    A: Argument<S::Key>,
    O: Outcome<R, Value = S::Value>,
    L: Lifespan<S::Value, Term = S::Term>,
{
    let start = S::Term::now();
    O::join(outcome.split(result).map(|value| {
        let Some(term) = lifespan.term(start, &value) else { return value };
        match store.keep_by(ticket, hash, key, (value.clone(), term), As::<A::Key>::NEW) {
            Kept::Present(first) => first,
            Kept::Stored | Kept::Declined => value,
        }
    }))
}

/// Runs the body, and keeps its result.
#[inline(never)]
fn answer_ref<S, A, O, R, B>(store: &S, outcome: O, hash: u64, args: A, body: B) -> O::Reference<'_>
where
    S: RefStore,
    A: Argument<S::Key>,
    O: RefOutcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    let Missed { hash, key, rest, .. } = Missed::<S, A>::new(store, hash, args);
    keep_ref::<S, A, O, R>(store, outcome, hash, key, body(rest))
}

fn keep_ref<S, A, O, R>(
    store: &S,
    outcome: O,
    hash: u64,
    key: StoredKey<S>,
    result: R,
) -> O::Reference<'_>
where
    S: RefStore,
    A: Argument<S::Key>,
    O: RefOutcome<R, Value = S::Value>,
{
    let keep = |value| store.keep_ref_by(hash, key, value, As::<A::Key>::NEW);
    O::join_ref(outcome.split(result).map(keep))
}
