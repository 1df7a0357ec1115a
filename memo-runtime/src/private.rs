//! What expansions of `#[memoize]` call. Not for users: it changes without notice.

use std::{marker::PhantomData, ops::Deref};

#[cfg(feature = "stores")]
pub use crate::stores::{AsyncStoreCache, Identity, InAsyncStore, InStore, StoreCache, stored};
#[cfg(feature = "verify")]
pub use crate::verify::{Checks, Compared, Shown, Site, Stored};
pub use crate::{
    accessor::{CacheOf, HandsOutReferences, LastingCacheOf, MethodCache},
    cache_set::{CacheSet, Reading},
    call::{Call, SingleFlight},
    changes::{
        AnyFields, Argument, BlockFor, FieldsOf, Instance, NoCaches, Observed, annotated, plain,
        plainly_owned, visible,
    },
    fields::{Change, FieldList, Fields, Holding, NamedField, Unknown},
    home::{BlockHome, MemoizedBlock, Named, Unnamed},
    info::{NoStats, Stats},
    instance::{CacheField, CacheHome, InstanceCaches},
    key::{Bits, Borrowed, ByValue, Cloned, Moved, Slice, State, VecOf},
    mutation::MutationGuard,
    outcome::{Always, OnlyOk},
    place::{InInstance, Shared},
    said::{Kept, Passed, apart, unchanged},
    steady::{Field, Steady, steady},
    store::{
        AnyStore, Expires, Flights, Forgets, InEngine, KeptMap, KeptOnce, Lends, Local, Lru, Map,
        Once, Sieve, Sieves, Table, Threads, TimedInEngine, TimedLru, TimedMap, TimedOnce,
        TimedSieve,
    },
    term::lifespan,
    type_scope::{LocalRegistry, PerThread, PerThreadAndType, Registry, TypeCache},
};
use crate::{place::Place, store::Store};

/// A call of an instance-scoped method, or what its accessor is made from.
pub type InstanceCall<'a, S, Block, F> =
    Call<InInstance<'a, S, Block, F, <S as BlockHome<Block>>::Caches>, Always>;

/// An instance-scoped method of the block without a name.
#[inline]
pub fn instance<S, F, T, const INDEX: usize>(
    instance: &S,
    select: F,
) -> InstanceCall<'_, S, Unnamed, F>
where
    S: BlockHome<Unnamed>,
    F: Fn(&<S as BlockHome<Unnamed>>::Caches) -> &Reading<T, INDEX>,
    T: Store,
{
    Call::new(InInstance::new(instance, select))
}

/// An instance-scoped method of a named block.
#[inline]
pub fn instance_in<const NAME: u64, S, F, T, const INDEX: usize>(
    instance: &S,
    select: F,
) -> InstanceCall<'_, S, Named<NAME>, F>
where
    S: BlockHome<Named<NAME>>,
    F: Fn(&<S as BlockHome<Named<NAME>>>::Caches) -> &Reading<T, INDEX>,
    T: Store,
{
    Call::new(InInstance::new(instance, select))
}

/// A call of a type-scoped method or a free function, by its accessor.
#[inline]
pub fn memoize<P: Place, H>(cache: MethodCache<'_, P, H>) -> Call<P, Always> {
    Call::new(cache.into_place())
}

/// Fails to compile if the type has no such block.
pub const fn has_block<S: MemoizedBlock<Block>, Block>() {}

/// Tells whether values of a type are instances with caches.
pub struct ValueOf<S>(NoCaches, PhantomData<fn() -> S>);

impl<S> ValueOf<S> {
    /// Asks for `S`.
    pub const NEW: Self = Self(NoCaches, PhantomData);
}

impl<S: CacheField> ValueOf<S> {
    /// They are.
    pub const fn kind(&self) -> InstanceValue {
        InstanceValue
    }
}

impl NoCaches {
    /// They are not.
    pub const fn kind(&self) -> PlainValue {
        PlainValue
    }
}

impl<S> Deref for ValueOf<S> {
    type Target = NoCaches;
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

/// The kind of values that have caches.
pub struct InstanceValue;
/// The kind of all others.
pub struct PlainValue;

/// What a type written `Result<T, E>` has to be.
#[diagnostic::on_unimplemented(
    message = "this `Result` is not the one of the standard library, of which `Ok` is cached and `Err` is not; write the type under another name, such as an alias, to cache it whole",
    label = "another `Result`"
)]
pub trait StdResult {
    /// The call, which is no type at all for other results: nothing else is said about it.
    type Call<C>;
    /// The call itself.
    fn pass<C>(call: C) -> Self::Call<C>;
}
impl<T, E> StdResult for Result<T, E> {
    type Call<C> = C;
    #[inline]
    fn pass<C>(call: C) -> C {
        call
    }
}

impl<P> Call<P, Always> {
    /// Keeps `Ok`, as its value.
    #[inline]
    pub fn only_ok_of<R: StdResult>(self) -> R::Call<Call<P, OnlyOk>> {
        R::pass(self.only_ok())
    }
}

/// A kind of values that a type-scoped key may hold.
#[diagnostic::on_unimplemented(
    message = "a type-scoped cache cannot have an instance in its key; it would keep the instance alive; name what decides the result with `key`, or leave it out with `skip`",
    label = "has caches of its own"
)]
pub trait KeyKind {
    /// The call, which is no type at all for other kinds: nothing else is said about it.
    type Call<C>;
    /// The call itself.
    fn pass<C>(call: C) -> Self::Call<C>;
}
impl KeyKind for PlainValue {
    type Call<C> = C;
    #[inline]
    fn pass<C>(call: C) -> C {
        call
    }
}

impl<P> Call<P, Always> {
    /// Refuses instances in the key of a type-scoped cache.
    #[inline]
    pub fn keyed_by<K: KeyKind>(self, _kind: K) -> K::Call<Self> {
        K::pass(self)
    }
}

/// What a literal with a base has made, which may have taken over the caches of the base.
pub struct Made<'a, S>(NoCaches, &'a mut S);

impl<'a, S> Made<'a, S> {
    /// Looks at `made`.
    #[inline]
    pub const fn new(made: &'a mut S) -> Self {
        Self(NoCaches, made)
    }
}

impl<S: CacheField> Made<'_, S> {
    /// Empties the caches.
    #[inline]
    pub fn renew(&mut self) {
        crate::clear_instance(&mut *self.1);
    }
}

impl NoCaches {
    /// Nothing to empty.
    #[inline]
    pub const fn renew(&self) {}
}

impl<S> Deref for Made<'_, S> {
    type Target = NoCaches;
    #[inline]
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

/// Stands in for the injected field of a struct that was refused, so that nothing but the refusal is reported.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused;

/// Tells whether a result of a type that may be an alias of `Result` is to be kept: `Err` is not.
pub struct Probe<'a, R>(Any, &'a R);

/// Stands in for a result that is not a `Result`.
pub struct Any;

impl<'a, R> Probe<'a, R> {
    /// Looks at `result`.
    #[inline]
    pub const fn new(result: &'a R) -> Self {
        Self(Any, result)
    }
}

impl<T, E> Probe<'_, Result<T, E>> {
    /// Whether it is `Ok`.
    #[inline]
    pub const fn is_kept(&self) -> bool {
        self.1.is_ok()
    }
}

impl<T, E> Probe<'_, Result<T, E>> {
    /// An alias of `Result`.
    pub const fn kind(&self) -> AliasOfResult {
        AliasOfResult
    }
}

/// The kind of a result that is a `Result`, behind an alias.
pub struct AliasOfResult;
/// The kind of any other result.
pub struct Plain;

/// A kind of result of which every one is kept.
#[diagnostic::on_unimplemented(
    message = "`returns = \"ref\"` needs a result that is always cached; behind this alias is a `Result`, of which only `Ok` is; write `Result<T, E>`",
    label = "an alias of `Result`"
)]
pub trait AlwaysKept {}
impl AlwaysKept for Plain {}

impl<P> Call<P, Always> {
    /// Refuses an alias of `Result`, whose `Err` could not be borrowed.
    #[inline]
    pub fn not_an_alias<R, K: AlwaysKept>(self, _kind: impl FnOnce(&R) -> K) -> Self {
        self
    }
}

impl<R> Deref for Probe<'_, R> {
    type Target = Any;
    #[inline]
    fn deref(&self) -> &Any {
        &self.0
    }
}

impl Any {
    /// Not a `Result`.
    pub const fn kind(&self) -> Plain {
        Plain
    }
    /// Always.
    #[inline]
    pub const fn is_kept(&self) -> bool {
        true
    }
}
