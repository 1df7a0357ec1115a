//! What happens in a memoized call?
//!
//! A [`Call`] knows the [`Place`] of its store and which results are kept ([`Outcome`]). All forms of a call look up
//! first; on a miss they run the body with no lock held, and keep a clone of the result.

mod place;

pub use self::place::{ClonePlace, InInstance, KeepingPlace, Lasting, Place, Shared};

use std::{
    future::{Future, poll_fn},
    pin::pin,
    ptr,
};

use crate::{
    accessor::{HandsOutReferences, MethodCache},
    home::{BlockHome, Reading},
    instance::accessible,
    key::{Argument, Arguments, BodyPart, KeyType},
    outcome::{Always, OnlyIf, OnlyOk, OnlyOkIf, Outcome, RefOutcome},
    store::{As, CacheOk, CacheValue, CloneStore, Kept, Look, RefStore, Store, StoredKey, Ticket},
};

/// A memoized call that is about to be made.
#[must_use]
pub struct Call<P, O> {
    place: P,
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

impl<P> Call<P, OnlyOk> {
    /// Keeps `Ok`, as its value, if `predicate` holds.
    #[inline]
    pub fn and_only_if<R, F: FnOnce(&R) -> bool>(self, predicate: F) -> Call<P, OnlyOkIf<F>> {
        Call { place: self.place, outcome: OnlyOkIf(predicate) }
    }
}

impl<'a, S, Block, F, C> Call<InInstance<'a, S, Block, F, C>, Always> {
    /// The accessor of the store.
    pub fn cache<T, const INDEX: usize>(self) -> MethodCache<'a, Shared<'a, T>>
    where
        S: BlockHome<Block>,
        Block: 'a,
        F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
        T: Store,
    {
        MethodCache::of(accessible::<S, Block, T, INDEX>(self.place.instance, self.place.select))
    }

    /// The accessor of the store, with `returns = "ref"`.
    pub fn lasting_cache<T, const INDEX: usize>(
        self,
    ) -> MethodCache<'a, Lasting<'a, T>, HandsOutReferences>
    where
        S: BlockHome<Block>,
        Block: 'a,
        F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
        T: RefStore,
    {
        MethodCache::lasting(accessible::<S, Block, T, INDEX>(
            self.place.instance,
            self.place.select,
        ))
    }
}

/// The key marker of the store at `P`.
type Key<P> = <<P as Place>::Store as Store>::Key;
/// The value type of the store at `P`.
type Value<P> = <<P as Place>::Store as Store>::Value;

/// What a first look-up says. It returns before the body runs, so that its frame is not below that of the body.
enum Looked<R, K, T, A> {
    Hit(R),
    /// The body has to run, with the rest.
    Absent {
        hash: u64,
        ticket: Ticket,
        key: K,
        rest: T,
    },
    /// That takes more: the store is not at hand, or the result is large.
    Unsure(A),
}

/// From which size on a result is written to where the call returns it, and not moved there.
const MOST_MOVED: usize = 64;

impl<P: Place, O> Call<P, O> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a frame less below each level of a recursion")]
    fn run<A, R, B>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        match self.look(args) {
            Looked::Hit(result) => result,
            Looked::Absent { hash, ticket, key, rest } => {
                let result = body(rest);
                self.keep::<A, R>(ticket, hash, key, result)
            }
            Looked::Unsure(args) => self.run_slowly(args, body),
        }
    }

    /// Takes the arguments and gives them back, so that they can stay in registers all the way: in memory they are written part
    /// by part and read as a whole to be hashed, which a processor cannot do before all that came earlier is done.
    #[inline]
    fn look<A, R>(&self, args: A) -> Looked<R, StoredKey<P::Store>, A::Rest, A>
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        if size_of::<R>() > MOST_MOVED {
            return Looked::Unsure(args);
        }
        let Some(store) = self.place.direct() else { return Looked::Unsure(args) };
        let Some(hash) = <P::Store as Store>::quick_hash(&args) else {
            return Looked::Unsure(args);
        };
        let args = match store.look(hash, &args) {
            Look::Hit(value) => return Looked::Hit(O::join(Ok(value))),
            Look::Absent => args,
            Look::Unsure => match look_again(store, hash, args) {
                (Some(value), _) => return Looked::Hit(O::join(Ok(value))),
                (None, args) => args,
            },
        };
        let ticket = store.begin(hash);
        let (key, rest) = args.split();
        Looked::Absent { hash, ticket, key, rest }
    }

    /// Keeps the result of the body, and returns it.
    #[inline]
    fn keep<A, R>(self, ticket: Ticket, hash: u64, key: StoredKey<P::Store>, result: R) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
    {
        let kept = self.outcome.split(result);
        match self.place.direct() {
            Some(store) => keep::<A::Key, _, _, _>(store, kept, ticket, hash, key, O::join),
            // The body has changed where the store is: what it computed belongs nowhere.
            None => O::join(kept),
        }
    }

    /// [`Call::run`] where there are no caches yet, or others, or where a first look was not enough.
    #[cold]
    #[inline(never)]
    fn run_slowly<A, R, B>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
    {
        let Self { place, outcome } = self;
        let hash = <P::Store as Store>::hash(&args);
        place.with(move |store| answer(store, outcome, hash, args, body))
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
        let Self { place, outcome } = self;
        if let Some(store) = place.direct() {
            if let Some(hash) = <P::Store as Store>::quick_hash(&args) {
                let found = answer_ref(store, outcome, hash, args, body);
                // SAFETY: `KeepingPlace` promises that the value lives for `'a`.
                return O::join_ref(found.map(|value| unsafe { &*value }));
            }
        }
        Self { place, outcome }.call_ref_slowly(args, body)
    }

    /// [`Call::call_ref`] where there are no caches yet, or others.
    #[cold]
    #[inline(never)]
    fn call_ref_slowly<'a, A, R, B>(self, args: A, body: B) -> O::Reference<'a>
    where
        P: KeepingPlace<'a>,
        A: Argument<Key<P>>,
        O: RefOutcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> R,
        Value<P>: 'a,
    {
        let Self { place, outcome } = self;
        let hash = <P::Store as Store>::hash(&args);
        let found = place.with_lasting(move |store| answer_ref(store, outcome, hash, args, body));
        // SAFETY: as above.
        O::join_ref(found.map(|value| unsafe { &*value }))
    }

    /// Like `call`, for an `async` body. No lock is held across an await.
    #[inline]
    async fn run_async<A, R, B, F>(self, args: A, body: B) -> R
    where
        P::Store: CloneStore<Value: Clone>,
        A: Argument<Key<P>>,
        O: Outcome<R, Value = Value<P>>,
        B: FnOnce(A::Rest) -> F,
        F: Future<Output = R>,
    {
        let Self { place, outcome } = self;
        let hash = <P::Store as Store>::hash(&args);
        if let Some(value) = place.with(|store| store.hit(hash, &args)) {
            return O::join(Ok(value));
        }
        let ticket = place.with(|store| store.begin(hash));
        let (key, rest) = args.split();
        let result = in_place(&place, body(rest)).await;
        place.with(|store| {
            keep::<A::Key, _, _, _>(store, outcome.split(result), ticket, hash, key, O::join)
        })
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
        let Self { place, outcome } = self;
        let hash = <P::Store as Store>::hash(&args);
        // SAFETY: `KeepingPlace` promises that the value lives for `'a`, here and below.
        let extend = |value: &Value<P>| unsafe { &*ptr::from_ref(value) };
        if let Some(value) = place.with_lasting(|store| store.hit_ref(hash, &args).map(extend)) {
            return O::join_ref(Ok(value));
        }
        place.with(|store| store.begin(hash));
        let (key, rest) = args.split();
        let result = in_place(&place, body(rest)).await;
        O::join_ref(match outcome.split(result) {
            Ok(value) => Ok(place.with_lasting(|store| {
                extend(store.keep_ref_by(hash, key, value, As::<A::Key>::NEW))
            })),
            Err(rejected) => Err(rejected),
        })
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

/// A look-up where the first look was not enough.
#[cold]
#[inline(never)]
fn look_again<S, A>(store: &S, hash: u64, args: A) -> (Option<S::Value>, A)
where
    S: CloneStore<Value: Clone>,
    A: Argument<S::Key>,
{
    (store.hit(hash, &args), args)
}

#[inline]
fn answer<S, A, O, R, B>(store: &S, outcome: O, hash: u64, args: A, body: B) -> R
where
    S: CloneStore<Value: Clone>,
    A: Argument<S::Key>,
    O: Outcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    store.hit_or::<_, O, _>(hash, args, move |store, hash, args| {
        miss(store, outcome, hash, args, body)
    })
}

#[inline(never)]
fn miss<S, A, O, R, B>(store: &S, outcome: O, hash: u64, args: A, body: B) -> R
where
    S: CloneStore<Value: Clone>,
    A: Argument<S::Key>,
    O: Outcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    let ticket = store.begin(hash);
    let (key, rest) = args.split();
    keep::<A::Key, _, _, _>(store, outcome.split(body(rest)), ticket, hash, key, O::join)
}

fn keep<K, S, E, R>(
    store: &S,
    outcome: Result<S::Value, E>,
    ticket: Ticket,
    hash: u64,
    key: StoredKey<S>,
    join: impl FnOnce(Result<S::Value, E>) -> R,
) -> R
where
    K: KeyType<Stored = StoredKey<S>>,
    S: CloneStore<Value: Clone>,
{
    join(outcome.map(|value| match store.keep_by(ticket, hash, key, value.clone(), As::<K>::NEW) {
        Kept::Present(first) => first,
        Kept::Stored | Kept::Declined => value,
    }))
}

/// A pointer to the value, or the result that is not kept.
#[inline]
fn answer_ref<S, A, O, R, B>(
    store: &S,
    outcome: O,
    hash: u64,
    args: A,
    body: B,
) -> Result<*const S::Value, O::Rejected>
where
    S: RefStore,
    A: Argument<S::Key>,
    O: RefOutcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    match store.hit_ref(hash, &args) {
        Some(value) => Ok(ptr::from_ref(value)),
        None => miss_ref(store, outcome, hash, args, body).map(ptr::from_ref),
    }
}

#[inline(never)]
fn miss_ref<S, A, O, R, B>(
    store: &S,
    outcome: O,
    hash: u64,
    args: A,
    body: B,
) -> Result<&S::Value, O::Rejected>
where
    S: RefStore,
    A: Argument<S::Key>,
    O: RefOutcome<R, Value = S::Value>,
    B: FnOnce(A::Rest) -> R,
{
    store.begin(hash);
    let (key, rest) = args.split();
    outcome.split(body(rest)).map(|value| store.keep_ref_by(hash, key, value, As::<A::Key>::NEW))
}

/// Polls within `place`, so that what one poll of a call on a mutating instance stores is there for the calls in it.
async fn in_place<P: Place, F: Future>(place: &P, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| place.with(|_| future.as_mut().poll(context))).await
}
