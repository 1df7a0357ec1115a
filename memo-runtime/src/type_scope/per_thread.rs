//! Where does a type keep its caches with `unsync`? In thread-locals, each made once for its thread by itself.
//!
//! # Invariants of the unsafe code
//!
//! - What is found in a thread-local stays there until it is dropped, when its thread ends, and is never handed to another thread.

use std::{
    any::{Any, TypeId},
    cell::OnceCell,
    marker::PhantomData,
    ops::Deref,
    ptr,
    thread::LocalKey,
};

use super::{BUCKETS, bucket_of};
#[cfg(feature = "verify")]
use crate::running::beside;
use crate::{
    place::{ClonePlace, Place},
    store::{CloneStore, Store},
    term::Unlimited,
};

/// The thread-local stores of one `unsync` type-scoped method of a generic block: [`Registry`](super::Registry) for one thread.
#[derive(Default)]
pub struct LocalRegistry {
    buckets: [Link; BUCKETS],
}

type Link = OnceCell<Box<Node>>;

struct Node {
    of: TypeId,
    store: Box<dyn Any>,
    next: Link,
}

impl LocalRegistry {
    /// The store for `Type`, made on first use. It lives as long as the registry.
    fn get<Type: ?Sized + 'static, S: Default + 'static>(&self) -> &S {
        let of = TypeId::of::<(PhantomData<Type>, S)>();
        let mut link = &self.buckets[bucket_of(of)];
        loop {
            let node = link.get_or_init(|| {
                Box::new(Node { of, store: Box::new(S::default()), next: OnceCell::new() })
            });
            if node.of == of {
                let Some(store) = node.store.downcast_ref() else {
                    unreachable!("the identity names the type of the store");
                };
                return store;
            }
            link = &node.next;
        }
    }
}

/// What `find` finds in a thread-local of the current thread, unless the thread is ending and has dropped it already.
#[inline]
fn of_this_thread<'p, L: 'static, S>(
    local: &'static LocalKey<L>,
    find: impl FnOnce(&L) -> &S,
) -> Option<&'p S> {
    let store = local.try_with(|local| ptr::from_ref(find(local))).ok()?;
    // SAFETY: what is found is dropped with the thread-local, when the thread ends, after all calls on its stack; what runs while it
    // is dropped does not find it any more. The reference stays in this thread: stores of one thread are not `Sync`.
    Some(unsafe { &*store })
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
        of_this_thread(self.0, |store| store)
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
        of_this_thread(self.registry, LocalRegistry::get::<Type, S>)
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
