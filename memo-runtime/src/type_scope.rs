//! Where does a type keep its caches?
//!
//! A store is const-constructible and cold until its first use, so the cache of a method is a plain `static`. A
//! `static` cannot name the parameters of a generic block; there it is a [`Registry`] from the concrete type to a
//! store made for it, and with `unsync` both are thread-local.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::HashMap,
    marker::PhantomData,
    rc::Rc,
    thread::LocalKey,
};

use crate::{
    call::{ClonePlace, Place},
    info::NoStats,
    key::{ByValue, hash_of},
    store::{CloneStore, KeptMap, RefStore, Store},
};

/// What threads may share.
#[diagnostic::on_unimplemented(
    message = "threads cannot share this type-scoped cache; its key or its result is not `Send` and `Sync`; hold `Arc<_>` instead of `Rc<_>`, leave an argument out with `skip` or `key`, or add `unsync`",
    label = "the key and the result need `Send` and `Sync`"
)]
pub trait SharedStore: Send + Sync {}
#[diagnostic::do_not_recommend]
impl<S: Send + Sync> SharedStore for S {}

/// The store of a type-scoped function.
#[derive(Debug)]
pub struct TypeCache<S>(S);

// SAFETY: the store is only reached through `get`, which asks for `Sync`, and never dropped.
unsafe impl<S> Sync for TypeCache<S> {}

impl<S> TypeCache<S> {
    /// Holds an empty store.
    pub const fn new(store: S) -> Self {
        Self(store)
    }

    /// The store.
    #[inline]
    pub const fn get(&'static self) -> &'static S
    where
        S: SharedStore,
    {
        &self.0
    }
}

type Stores = KeptMap<(ByValue<TypeId>,), &'static (dyn Any + Send + Sync), NoStats>;

/// The stores of one type-scoped method of a generic block, one per concrete type.
#[derive(Default)]
pub struct Registry(Stores);

impl Registry {
    /// No stores yet, and no heap.
    pub const fn new() -> Self {
        Self(KeptMap::new())
    }

    /// The store for `Type`, made on first use. It lives as long as the process.
    #[inline]
    pub fn get<Type, S>(&'static self) -> &'static S
    where
        Type: ?Sized + 'static,
        S: Store + Default + SharedStore + 'static,
    {
        let key = (TypeId::of::<Type>(),);
        let hash = hash_of::<(ByValue<TypeId>,), _>(&key);
        if let Some(store) = self.0.hit_ref(hash, &key).and_then(|store| store.downcast_ref()) {
            return store;
        }
        self.make(hash, key)
    }

    #[cold]
    #[inline(never)]
    fn make<S>(&'static self, hash: u64, key: (TypeId,)) -> &'static S
    where
        S: Store + Default + SharedStore + 'static,
    {
        let new: &'static S = Box::leak(Box::default());
        // Of two threads, one keeps its store; the other's is a few bytes, lost once.
        self.0.keep_ref(hash, key, new).downcast_ref().unwrap_or(new)
    }
}

/// Types that stand for constants, to tell the instances of a generic block apart: `constant::bool<true>`.
pub mod constant {
    #![allow(non_camel_case_types, reason = "named like the types of the constants")]

    macro_rules! constants {
        ($($ty:ident)*) => { $(
            #[doc = concat!("A constant of type `", stringify!($ty), "`.")]
            pub struct $ty<const VALUE: ::core::primitive::$ty>;
        )* };
    }
    constants!(bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
}

/// The thread-local stores of one `unsync` type-scoped method of a generic block.
#[derive(Default)]
pub struct LocalRegistry(RefCell<HashMap<TypeId, Rc<dyn Any>>>);

/// A store of the current thread.
#[derive(Debug)]
pub struct PerThread<S: 'static>(pub &'static LocalKey<S>);

impl<S: Store + Default> Place for PerThread<S> {
    type Store = S;
    #[inline]
    fn with<R>(&self, operation: impl FnOnce(&S) -> R) -> R {
        let mut operation = Some(operation);
        let done = self.0.try_with(|store| operation.take().map(|operation| operation(store)));
        match (done, operation) {
            (Ok(Some(result)), _) => result,
            // The thread is ending and has dropped its store already.
            (_, Some(operation)) => operation(&S::default()),
            (_, None) => unreachable!("`try_with` ran the operation and has its result"),
        }
    }
}

impl<S: CloneStore + Default> ClonePlace for PerThread<S> {}

/// A store of the current thread and of a concrete type.
pub struct PerThreadAndType<Type: ?Sized + 'static, S> {
    registry: &'static LocalKey<LocalRegistry>,
    store: PhantomData<fn() -> S>,
    of: PhantomData<fn() -> PhantomData<Type>>,
}

impl<Type: ?Sized, S> PerThreadAndType<Type, S> {
    /// The place in `registry`.
    #[inline]
    pub const fn new(registry: &'static LocalKey<LocalRegistry>) -> Self {
        Self { registry, store: PhantomData, of: PhantomData }
    }
}

impl<Type: ?Sized + 'static, S: Store + Default + 'static> Place for PerThreadAndType<Type, S> {
    type Store = S;
    #[inline]
    fn with<R>(&self, operation: impl FnOnce(&S) -> R) -> R {
        let store = self.registry.try_with(|registry| {
            let mut stores = registry.0.borrow_mut();
            Rc::clone(stores.entry(TypeId::of::<Type>()).or_insert_with(|| Rc::new(S::default())))
        });
        match store.ok().and_then(|store| store.downcast::<S>().ok()) {
            Some(store) => operation(&store),
            // The thread is ending and has dropped its stores already.
            None => operation(&S::default()),
        }
    }
}

impl<Type: ?Sized + 'static, S: CloneStore + Default + 'static> ClonePlace
    for PerThreadAndType<Type, S>
{
}
