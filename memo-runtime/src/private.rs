//! What expansions of `#[memoize]` call. Not for users: it changes without notice.

use std::{ops::Deref, pin::Pin};

pub use crate::{
    accessor::{CacheOf, HandsOutReferences, LastingCacheOf, MethodCache},
    call::{Call, InInstance, Lasting, Shared},
    home::{BlockHome, CacheField, CacheHome, CacheSet, MemoizedBlock, Named, Unnamed},
    info::{NoStats, Stats},
    instance::InstanceCaches,
    key::{Bits, Borrowed, ByValue, Cloned, Moved, Slice, State, VecOf},
    mutation::MutationGuard,
    outcome::Always,
    store::{
        AnyStore, Forgets, KeptMap, KeptOnce, Lends, Local, Lru, Map, Once, Sieve, Sieves, Table,
        Threads,
    },
    type_scope::{LocalRegistry, PerThread, PerThreadAndType, Registry, TypeCache, constant},
};
use crate::{call::Place, store::Store};

/// A call of an instance-scoped method, or what its accessor is made from.
pub type InstanceCall<'a, S, Block, F> =
    Call<InInstance<'a, S, Block, F, <S as BlockHome<Block>>::Caches>, Always>;

/// An instance-scoped method of the block without a name.
#[inline]
pub fn instance<S, F, T>(instance: &S, select: F) -> InstanceCall<'_, S, Unnamed, F>
where
    S: BlockHome<Unnamed>,
    F: Fn(&<S as BlockHome<Unnamed>>::Caches) -> &T,
    T: Store,
{
    Call::new(InInstance::new(instance, select))
}

/// An instance-scoped method of a named block.
#[inline]
pub fn instance_in<const NAME: u64, S, F, T>(
    instance: &S,
    select: F,
) -> InstanceCall<'_, S, Named<NAME>, F>
where
    S: BlockHome<Named<NAME>>,
    F: Fn(&<S as BlockHome<Named<NAME>>>::Caches) -> &T,
    T: Store,
{
    Call::new(InInstance::new(instance, select))
}

/// A call of a type-scoped method or a free function, by its accessor.
#[inline]
pub fn memoize<P: Place, H>(cache: MethodCache<'_, P, H>) -> Call<P, Always> {
    Call::new(cache.into_place())
}

/// Fails to compile if the type has no caches.
pub const fn has_caches<S: CacheField>() {}

/// Empties the caches at the beginning of a method that takes `&mut self` and uses `self` only through its fields.
#[inline]
pub fn forget<S: CacheField>(instance: &mut S) {
    instance.caches_mut().empty();
}

/// An instance that may or may not have caches: what a method may change. Methods of `Instance` itself come before those of
/// what it dereferences to.
pub struct Instance<'a, S>(NoCaches, &'a mut S);

/// Stands in for an instance without caches.
pub struct NoCaches;

impl<'a, S> Instance<'a, S> {
    /// Looks at `instance`.
    #[inline]
    pub const fn new(instance: &'a mut S) -> Self {
        Self(NoCaches, instance)
    }
    /// Looks at `instance`.
    #[inline]
    pub const fn pinned(instance: Pin<&'a mut S>) -> Self {
        // SAFETY: only `caches_mut` is called with it, which the attribute writes: it borrows one field, which is not
        // pinned.
        Self(NoCaches, unsafe { instance.get_unchecked_mut() })
    }
}

impl<S: CacheField> Instance<'_, S> {
    /// Empties the caches at the beginning of a method that uses the instance only through its fields.
    #[inline]
    pub fn forget(&mut self) {
        forget(&mut *self.1);
    }
    /// Empties the caches, and marks the instance as mutating while the guard lives.
    #[inline]
    pub fn mutate(&mut self) -> MutationGuard {
        self.1.caches_mut().mutate()
    }
}

impl NoCaches {
    /// Nothing to forget.
    #[inline]
    pub const fn forget(&self) {}
    /// Nothing to mark.
    #[inline]
    pub const fn mutate(&self) -> Option<MutationGuard> {
        None
    }
    /// Nothing to mark.
    #[inline]
    pub const fn mutate_again(&self) -> Option<MutationGuard> {
        None
    }
}

impl<S> Deref for Instance<'_, S> {
    type Target = NoCaches;
    #[inline]
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

/// An instance that a closure of a mutating method holds.
pub struct Observed<'a, S>(NoCaches, &'a S);

impl<'a, S> Observed<'a, S> {
    /// Looks at `instance`.
    #[inline]
    pub const fn new(instance: &'a S) -> Self {
        Self(NoCaches, instance)
    }
}

impl<S: CacheField> Observed<'_, S> {
    /// Marks the instance as mutating again.
    #[inline]
    pub fn mutate_again(&self) -> MutationGuard {
        self.1.caches().mark()
    }
}

impl<S> Deref for Observed<'_, S> {
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
