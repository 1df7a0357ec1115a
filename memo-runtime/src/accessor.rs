//! What does the accessor of a memoized method offer?

use std::{fmt, marker::PhantomData};

use crate::{
    call::{ClonePlace, Lasting, Place, Shared},
    info::CacheInfo,
    key::{KeyType, Lookup},
    store::{CloneStore, RefStore, Store},
};

/// What the accessor of the store at `P` takes: the tuple of the key's parts.
pub type Args<'x, P> = <<<P as Place>::Store as Store>::Key as KeyType>::Arg<'x>;
type Value<P> = <<P as Place>::Store as Store>::Value;

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
pub struct MethodCache<'a, S, P = Shared<'a, S>> {
    place: P,
    store: PhantomData<&'a S>,
}

impl<'a, S> MethodCache<'a, S> {
    #[doc(hidden)]
    #[inline]
    pub const fn of(store: &'a S) -> Self {
        Self { place: Shared(store), store: PhantomData }
    }
}

impl<S, P: Place<Store = S>> MethodCache<'_, S, P> {
    #[doc(hidden)]
    #[inline]
    pub const fn at(place: P) -> Self {
        Self { place, store: PhantomData }
    }

    pub(crate) fn into_place(self) -> P {
        self.place
    }
}

impl<S: Store, P: Place<Store = S>> MethodCache<'_, S, P> {
    /// Size, bound and, with the option `stats`, counts.
    pub fn info(&self) -> CacheInfo {
        self.place.with(Store::info)
    }

    /// How many entries the cache holds.
    pub fn len(&self) -> usize {
        self.info().len
    }

    /// Whether the cache holds no entry.
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
        S::Key: KeyType,
    {
        self.place.with(|store| store.contains(S::hash(&args), &args))
    }
}

impl<S: CloneStore<Key: KeyType>, P: ClonePlace<Store = S>> MethodCache<'_, S, P> {
    /// A clone of the value for `args`. Computes, promotes and counts nothing.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` or the value's `Clone` does.
    pub fn peek(&self, args: Args<'_, P>) -> Option<Value<P>>
    where
        S::Value: Clone,
    {
        self.place.with(|store| store.peek(S::hash(&args), &args))
    }

    /// Stores a value as if computed; replaces one that is there.
    ///
    /// # Panics
    ///
    /// If a key's `Hash`, `Eq` or `Clone` or the `Drop` of a replaced entry does.
    pub fn insert(&self, args: Args<'_, P>, value: Value<P>) {
        self.place.with(|store| store.insert(S::hash(&args), args.into_stored(), value));
    }

    /// Forgets one entry; says whether it was there. A computation of it that is under way is not stored.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` or the entry's `Drop` does.
    pub fn remove(&self, args: Args<'_, P>) -> bool {
        self.place.with(|store| store.remove(S::hash(&args), &args))
    }

    /// Forgets all entries, sets the counts to zero and frees the memory. Computations that are under way are not
    /// stored.
    ///
    /// # Panics
    ///
    /// If the `Drop` of a key or value does.
    pub fn clear(&self) {
        self.place.with(CloneStore::clear);
    }
}

impl<'a, S: RefStore> MethodCache<'a, S, Lasting<'a, S>> {
    #[doc(hidden)]
    #[inline]
    pub const fn lasting(store: &'a S) -> Self {
        Self { place: Lasting(store), store: PhantomData }
    }
}

/// With `returns = "ref"` entries are only dropped when the instance is mutated or dropped.
impl<'a, S: RefStore<Key: KeyType>> MethodCache<'a, S, Lasting<'a, S>> {
    /// The value for `args`. Computes and counts nothing.
    ///
    /// # Panics
    ///
    /// If a key's `Hash` or `Eq` does.
    pub fn peek(&self, args: Args<'_, Lasting<'a, S>>) -> Option<&'a S::Value> {
        self.place.0.peek_ref(S::hash(&args), &args)
    }

    /// Stores a value as if computed, unless there is one, which references may point to; says whether it did.
    ///
    /// # Panics
    ///
    /// If a key's `Hash`, `Eq` or `Clone` or the `Drop` of a value that is not stored does.
    pub fn insert(&self, args: Args<'_, Lasting<'a, S>>, value: S::Value) -> bool {
        let hash = S::hash(&args);
        let absent = !self.place.0.contains(hash, &args);
        if absent {
            self.place.0.keep_ref(hash, args.into_stored(), value);
        }
        absent
    }
}

impl<S: Store, P: Place<Store = S>> fmt::Debug for MethodCache<'_, S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MethodCache").field(&self.info()).finish()
    }
}
