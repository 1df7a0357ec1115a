//! Where does a type keep its caches with `unsync`? In thread-locals, each made once for its thread by itself.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::HashMap,
    marker::PhantomData,
    ops::Deref,
    ptr,
    thread::LocalKey,
};

#[cfg(feature = "verify")]
use crate::verify::run::beside;
use crate::{
    place::{ClonePlace, Place},
    store::{CloneStore, Store},
    term::Unlimited,
};

/// The thread-local stores of one `unsync` type-scoped method of a generic block.
#[derive(Default)]
pub struct LocalRegistry(RefCell<HashMap<TypeId, Box<dyn Any>>>);

impl LocalRegistry {
    /// The store for `Type`, made on first use. It lives as long as the registry.
    fn get<Type: ?Sized + 'static, S: Default + 'static>(&self) -> *const S {
        let mut stores = self.0.borrow_mut();
        let store = stores
            .entry(TypeId::of::<(PhantomData<Type>, S)>())
            .or_insert_with(|| Box::new(S::default()));
        let Some(store) = store.downcast_ref::<S>() else {
            unreachable!("the key names the type of the store");
        };
        ptr::from_ref(store)
    }
}

/// A store of the current thread.
#[derive(Debug)]
pub struct PerThread<S: 'static>(pub &'static LocalKey<S>);

/// A store of the current thread, while it is used.
pub enum OfThread<'p, S> {
    Found(&'p S),
    /// The thread is ending and has dropped its store already.
    Gone(Box<S>),
}

impl<S> Deref for OfThread<'_, S> {
    type Target = S;
    fn deref(&self) -> &S {
        match self {
            Self::Found(store) => store,
            Self::Gone(empty) => empty,
        }
    }
}

impl<S: Store + Default> Place for PerThread<S> {
    type Store = S;
    type Open<'p> = OfThread<'p, S>;
    type Lifespan<'p>
        = Unlimited<S::Term>
    where
        Self: 'p;
    #[inline]
    fn lifespan(&self) -> Self::Lifespan<'_> {
        Unlimited::NEW
    }
    #[inline]
    fn direct(&self) -> Option<&S> {
        let store = self.0.try_with(ptr::from_ref).ok()?;
        // SAFETY: a store of this thread is dropped when the thread ends, after all calls on its stack; what runs while it is
        // dropped does not find it any more. The reference stays in this thread: stores of one thread are not `Sync`.
        Some(unsafe { &*store })
    }
    fn open(&self) -> OfThread<'_, S> {
        self.direct().map_or_else(|| OfThread::Gone(Box::default()), OfThread::Found)
    }
    #[cfg(feature = "verify")]
    fn aside<R>(&self, operation: impl FnOnce(&S, Option<&S>) -> R) -> R {
        let store = self.open();
        operation(&store, beside(&*store).as_deref())
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
    type Open<'p> = OfThread<'p, S>;
    type Lifespan<'p>
        = Unlimited<S::Term>
    where
        Self: 'p;
    #[inline]
    fn lifespan(&self) -> Self::Lifespan<'_> {
        Unlimited::NEW
    }
    #[inline]
    fn direct(&self) -> Option<&S> {
        let store = self.registry.try_with(LocalRegistry::get::<Type, S>).ok()?;
        // SAFETY: as for `PerThread`; a registry drops no store before it is dropped itself.
        Some(unsafe { &*store })
    }
    fn open(&self) -> OfThread<'_, S> {
        self.direct().map_or_else(|| OfThread::Gone(Box::default()), OfThread::Found)
    }
    #[cfg(feature = "verify")]
    fn aside<R>(&self, operation: impl FnOnce(&S, Option<&S>) -> R) -> R {
        let store = self.open();
        operation(&store, beside(&*store).as_deref())
    }
}

impl<Type: ?Sized + 'static, S: CloneStore + Default + 'static> ClonePlace
    for PerThreadAndType<Type, S>
{
}
