//! What does the accessor of a memoized method offer?

use std::{fmt, marker::PhantomData, mem::ManuallyDrop, time::Duration};

#[cfg(feature = "verify")]
use crate::type_scope::InType;
use crate::{
    cache_set::Reading,
    call::Call,
    home::BlockHome,
    info::CacheInfo,
    key::{KeyPart, KeyType, Lookup},
    outcome::Always,
    place::{ClonePlace, InInstance, KeepingPlace, Place, Shared, Timed, Value},
    store::{As, CloneStore, RefStore, Store},
    term::{Lifespan, Term},
};

/// What the accessor of the store at `P` takes: the tuple of the key's parts.
pub type Args<'x, P> = <<<P as Place>::Store as Store>::Key as KeyType>::Arg<'x>;

/// The cache of one memoized method, as its accessor `<method>_cache()` shows it.
///
/// `args` is the tuple of the key's parts, with the types that the method takes: `()`, `(a,)`, `(a, b)`; the state
/// named by `reads` comes first.
///
/// ```
/// use memo_runtime::memoize;
///
/// #[memoize(capacity = 100)]
/// fn length(text: &str, factor: usize) -> usize {
///     text.len() * factor
/// }
///
/// assert_eq!(length("abc", 2), 6);
/// assert!(length_cache().contains(("abc", 2)));
/// assert_eq!(length_cache().peek(("abc", 3)), None);
/// length_cache().insert(("abc", 3), 0);
/// assert_eq!(length("abc", 3), 0);
/// assert!(length_cache().remove(("abc", 3)));
/// assert_eq!(length_cache().info().to_string(), "hits=- misses=- evictions=- len=1 capacity=100");
/// ```
///
/// While a `&mut self` method of the instance runs, its accessors show caches that are apart from those of the calls: they
/// begin empty, and what is inserted is forgotten when the next `&mut self` method begins.
pub struct MethodCache<'a, P, H = HandsOutClones> {
    /// Places have nothing to drop; with this, the compiler knows it also of a place that it is not told the type of, and lets
    /// go of what an accessor borrows after its last use.
    place: ManuallyDrop<P>,
    how: PhantomData<(&'a (), H)>,
}

/// How a cache hands out what it holds, unless `returns = "ref"` says otherwise.
pub struct HandsOutClones;
/// How a cache of `returns = "ref"` hands out what it holds.
pub struct HandsOutReferences;

/// The cache behind an accessor, of which a signature says no more than what the key and the value are: `K` is the tuple of the
/// key's parts as the runtime marks them, `V` what is stored.
pub trait CacheOf<K: KeyPart, V>: ClonePlace<Store: CloneStore<Key = K, Value = V>> {}
impl<K: KeyPart, V, P> CacheOf<K, V> for P where P: ClonePlace<Store: CloneStore<Key = K, Value = V>>
{}

/// [`CacheOf`] with `returns = "ref"`.
pub trait LastingCacheOf<'a, K: KeyPart, V>:
    LastingPlace<'a, Store: RefStore<Key = K, Value = V>>
{
}
impl<'a, K: KeyPart, V, P> LastingCacheOf<'a, K, V> for P where
    P: LastingPlace<'a, Store: RefStore<Key = K, Value = V>>
{
}

/// A place that is a reference to its store.
pub trait LastingPlace<'a>: KeepingPlace<'a, Store: RefStore + 'a> {
    /// The store.
    fn store(&self) -> &'a Self::Store;
}
impl<'a, S: RefStore + 'a> LastingPlace<'a> for Shared<'a, S> {
    #[inline]
    fn store(&self) -> &'a S {
        self.0
    }
}

impl<'a, S> MethodCache<'a, Shared<'a, S>> {
    #[doc(hidden)]
    #[inline]
    pub const fn of(store: &'a S) -> Self {
        Self { place: ManuallyDrop::new(Shared(store)), how: PhantomData }
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
        MethodCache::of(self.place.accessible())
    }

    /// The accessor of the store, with `returns = "ref"`.
    pub fn lasting_cache<T, const INDEX: usize>(
        self,
    ) -> MethodCache<'a, Shared<'a, T>, HandsOutReferences>
    where
        S: BlockHome<Block>,
        Block: 'a,
        F: Fn(&<S as BlockHome<Block>>::Caches) -> &Reading<T, INDEX>,
        T: RefStore,
    {
        MethodCache::lasting(self.place.accessible())
    }
}

#[cfg(feature = "verify")]
impl<S: Store + Default> MethodCache<'static, InType<S>> {
    #[doc(hidden)]
    #[inline]
    pub const fn of_type(store: &'static S) -> Self {
        Self::at(InType(store))
    }
}

impl<P: Place> MethodCache<'_, P> {
    #[doc(hidden)]
    #[inline]
    pub const fn at(place: P) -> Self {
        Self { place: ManuallyDrop::new(place), how: PhantomData }
    }
}

impl<'a, P: Place, H> MethodCache<'a, P, H> {
    #[doc(hidden)]
    #[inline]
    pub fn ttl<F>(self, lifespan: F) -> MethodCache<'a, Timed<P, F>, H>
    where
        F: Fn(&Value<P>) -> Duration,
    {
        MethodCache {
            place: ManuallyDrop::new(Timed::new(self.into_place(), lifespan)),
            how: PhantomData,
        }
    }

    pub(crate) fn into_place(self) -> P {
        ManuallyDrop::into_inner(self.place)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as a call takes them")]
impl<P: Place, H> MethodCache<'_, P, H> {
    /// Size, bound and, with the option `stats`, counts.
    pub fn info(&self) -> CacheInfo {
        self.place.open().info()
    }

    /// How many entries the cache holds; 0 if its engine cannot tell, of which [`MethodCache::info`] says `None`.
    pub fn len(&self) -> usize {
        self.info().len.unwrap_or(0)
    }

    /// Whether [`MethodCache::len`] is 0.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many entries the cache may hold; `None` if it is unbounded.
    pub fn capacity(&self) -> Option<usize> {
        self.info().capacity
    }

    /// Whether there is an entry for `args`. Computes, promotes and counts nothing.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` does.
    pub fn contains(&self, args: Args<'_, P>) -> bool
    where
        <P::Store as Store>::Key: KeyType,
    {
        self.place.open().contains(<P::Store as Store>::hash(&args), &args)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as a call takes them")]
impl<P> MethodCache<'_, P>
where
    P: ClonePlace<Store: CloneStore<Key: KeyType>>,
{
    /// A clone of the value for `args`. Computes, promotes and counts nothing.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` or the value's `Clone` does.
    pub fn peek(&self, args: Args<'_, P>) -> Option<Value<P>>
    where
        Value<P>: Clone,
    {
        self.place.open().peek(<P::Store as Store>::hash(&args), &args)
    }

    /// Stores a value as if computed; replaces one that is there. With `ttl`, it is good from now on for as long as that says.
    ///
    /// # Panics
    ///
    /// If a key's `Hash`, `Eq` or `Clone`, the `Drop` of a replaced entry, or what `ttl` says does.
    pub fn insert(&self, args: Args<'_, P>, value: Value<P>) {
        let start = <P::Store as Store>::Term::now();
        let term = self.place.lifespan().term(start, &value);
        let store = self.place.open();
        let hash = <P::Store as Store>::hash(&args);
        match term {
            Some(term) => {
                let same = As::<<P::Store as Store>::Key>::NEW;
                store.insert_by(hash, args.into_stored(), (value, term), same);
            }
            // What would take the entry's place is over at once.
            None => _ = store.remove(hash, &args),
        }
    }

    /// Forgets one entry; says whether it was there. A computation of it that is under way is not stored.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` or the entry's `Drop` does.
    pub fn remove(&self, args: Args<'_, P>) -> bool {
        self.place.open().remove(<P::Store as Store>::hash(&args), &args)
    }

    /// Forgets all entries, sets the counts to zero and frees the memory. Computations that are under way are not
    /// stored.
    ///
    /// # Panics
    ///
    /// If the `Drop` of a key or value does.
    pub fn clear(&self) {
        self.place.open().clear();
    }
}

impl<'a, S: RefStore> MethodCache<'a, Shared<'a, S>, HandsOutReferences> {
    #[doc(hidden)]
    #[inline]
    pub const fn lasting(store: &'a S) -> Self {
        Self { place: ManuallyDrop::new(Shared(store)), how: PhantomData }
    }
}

/// With `returns = "ref"` entries are only dropped when the instance is mutated or dropped.
#[allow(clippy::needless_pass_by_value, reason = "as a call takes them")]
impl<'a, P> MethodCache<'a, P, HandsOutReferences>
where
    P: LastingPlace<'a, Store: RefStore<Key: KeyType> + 'a>,
{
    /// The value for `args`. Computes and counts nothing.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` does.
    pub fn peek(&self, args: Args<'_, P>) -> Option<&'a Value<P>> {
        self.place.store().peek_ref(<P::Store as Store>::hash(&args), &args)
    }

    /// Stores a value as if computed, unless there is one, which references may point to; says whether it did.
    ///
    /// # Panics
    ///
    /// If a key's `Hash`, `Eq` or `Clone` or the `Drop` of a value that is not stored does.
    pub fn insert(&self, args: Args<'_, P>, value: Value<P>) -> bool {
        let hash = <P::Store as Store>::hash(&args);
        let absent = !self.place.store().contains(hash, &args);
        if absent {
            self.place.store().keep_ref(hash, args.into_stored(), value);
        }
        absent
    }
}

impl<P: Place, H> fmt::Debug for MethodCache<'_, P, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MethodCache").field(&self.info()).finish()
    }
}
