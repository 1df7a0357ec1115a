//! Where does a type keep its caches?
//!
//! In a `static CACHE: OnceLock<…>`. A `static` cannot name the parameters of a generic block; there it holds a [`Registry`] from
//! the concrete type to a store made for it. With `unsync` both are thread-local: a thread-local is made once for each thread by
//! itself, so there is nothing for a `OnceLock` to do.
//!
//! # Invariants of the unsafe code
//!
//! - There is a [`TypeCache`] only of a store that is `Send` and `Sync`.
//! - The store of a [`Node`] is of the type that is the second part of the one that its `of` identifies.

#[cfg(feature = "verify")]
mod in_type;
mod making;
mod per_thread;

use std::{
    any::{Any, TypeId, type_name},
    hash::{Hash, Hasher},
    marker::PhantomData,
    ptr,
    sync::OnceLock,
};

#[cfg(feature = "verify")]
pub use self::in_type::InType;
use self::making::Making;
pub use self::per_thread::{LocalRegistry, PerThread, PerThreadAndType};
use crate::{
    caches::{self, Listed},
    info::CacheInfo,
    store::Store,
};

/// What threads may share.
#[diagnostic::on_unimplemented(
    message = "threads cannot share this type-scoped cache; its key or its result is not `Send` and `Sync`; hold `Arc<_>` instead of `Rc<_>`, leave an argument out with `skip` or `key`, or add `unsync`",
    label = "the key and the result need `Send` and `Sync`"
)]
pub trait SharedStore: Send + Sync {}
#[diagnostic::do_not_recommend]
impl<S: Send + Sync> SharedStore for S {}

/// What a type-scoped function keeps its results in.
pub trait Cache {
    /// Size, bound and counts.
    fn info(&self) -> CacheInfo;
    /// Forgets all entries, if that is one's own to do; says whether it did.
    fn forget_all(&self) -> bool;
}
impl<S: Store> Cache for S {
    fn info(&self) -> CacheInfo {
        Store::info(self)
    }
    fn forget_all(&self) -> bool {
        Store::forget_all(self)
    }
}

/// The store of a type-scoped function.
#[derive(Debug)]
pub struct TypeCache<S>(S);

// SAFETY: there is none of a store without both traits, because `new` asks for them.
unsafe impl<S> Send for TypeCache<S> {}
// SAFETY: as above.
unsafe impl<S> Sync for TypeCache<S> {}

impl<S> TypeCache<S> {
    /// Holds an empty store, and lists it by `name`. `cache` is where this is about to be put.
    pub fn new(name: &'static str, cache: &'static OnceLock<Self>, store: S) -> Self
    where
        S: SharedStore + Cache + 'static,
    {
        caches::list(name, cache);
        Self(store)
    }

    /// The store in `cache`, which code of the user's makes on first use.
    ///
    /// # Panics
    ///
    /// If `make` asks for that store.
    #[inline]
    pub fn made(
        cache: &'static OnceLock<Self>,
        name: &'static str,
        make: impl FnOnce() -> S,
    ) -> &'static S
    where
        S: SharedStore + Cache + 'static,
    {
        let cache = cache.get().unwrap_or_else(|| {
            let _making = Making::begin(cache, name);
            cache.get_or_init(|| Self::new(name, cache, make()))
        });
        &cache.0
    }

    /// The store.
    #[inline]
    pub const fn get(&'static self) -> &'static S {
        &self.0
    }
}

impl<S: Cache> Listed for OnceLock<TypeCache<S>> {
    fn info(&self) -> Option<CacheInfo> {
        self.get().map(|cache| cache.0.info())
    }
    fn clear(&self) -> bool {
        self.get().is_some_and(|cache| cache.0.forget_all())
    }
}

/// A store that was leaked.
struct Leaked<S: 'static>(&'static S);

impl<S: Cache + Sync> Listed for Leaked<S> {
    fn info(&self) -> Option<CacheInfo> {
        Some(self.0.info())
    }
    fn clear(&self) -> bool {
        self.0.forget_all()
    }
}

/// A store that code of the user makes: not while the registry is locked.
struct Late<S>(OnceLock<S>);

impl<S> Default for Late<S> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<S: Cache + Send + Sync> Listed for Late<S> {
    fn info(&self) -> Option<CacheInfo> {
        self.0.get().map(Cache::info)
    }
    fn clear(&self) -> bool {
        self.0.get().is_some_and(Cache::forget_all)
    }
}

/// The stores of one type-scoped method of a generic block, one per concrete type.
///
/// A hash table that only grows: a `TypeId` is a hash already, and there are few types, so chains stay short.
pub struct Registry {
    /// The method.
    name: &'static str,
    buckets: [Link; BUCKETS],
}

const BUCKETS: usize = 16;
type Link = OnceLock<Box<Node>>;

struct Node {
    of: TypeId,
    store: &'static (dyn Any + Send + Sync),
    next: Link,
}

impl Registry {
    /// No stores yet, and no heap.
    pub const fn new(name: &'static str) -> Self {
        Self { name, buckets: [const { OnceLock::new() }; BUCKETS] }
    }

    /// The store for `Type`, made on first use. It lives as long as the process.
    #[inline]
    pub fn get<Type, S>(&'static self) -> &'static S
    where
        Type: ?Sized + 'static,
        S: Store + Default + SharedStore + 'static,
    {
        self.entry::<Type, S>(|store| Box::leak(Box::new(Leaked(store))))
    }

    /// The store for `Type`, which `make` makes on first use, once.
    ///
    /// # Panics
    ///
    /// If `make` asks for that store.
    #[inline]
    pub fn get_or_make<Type, S>(&'static self, make: impl FnOnce() -> S) -> &'static S
    where
        Type: ?Sized + 'static,
        S: Cache + SharedStore + 'static,
    {
        let late = &self.entry::<Type, Late<S>>(|late| late).0;
        late.get().unwrap_or_else(|| {
            let _making = Making::begin(late, self.name);
            late.get_or_init(make)
        })
    }

    /// What there is for `Type`, listed when it is made.
    #[inline]
    fn entry<Type, S>(&'static self, listed: fn(&'static S) -> &'static dyn Listed) -> &'static S
    where
        Type: ?Sized + 'static,
        S: Default + Send + Sync + 'static,
    {
        let of = TypeId::of::<(PhantomData<Type>, S)>();
        let mut link = &self.buckets[bucket_of(of)];
        while let Some(node) = link.get() {
            if node.of == of {
                // SAFETY: the store of a node is of the type that `of` names besides `Type`.
                return unsafe { &*ptr::from_ref(node.store).cast::<S>() };
            }
            link = &node.next;
        }
        Self::make(of, link, self.name, type_name::<Type>, listed)
    }

    #[cold]
    #[inline(never)]
    fn make<S: Default + Send + Sync + 'static>(
        of: TypeId,
        mut link: &'static Link,
        name: &'static str,
        type_name: fn() -> &'static str,
        listed: fn(&'static S) -> &'static dyn Listed,
    ) -> &'static S {
        // Of two threads, one keeps its store; the other's is a few bytes, lost once.
        let new: &'static S = Box::leak(Box::default());
        loop {
            let node =
                link.get_or_init(|| Box::new(Node { of, store: new, next: OnceLock::new() }));
            if node.of == of {
                let kept = node.store.downcast_ref().unwrap_or(new);
                if ptr::eq(kept, new) {
                    let name = caches::name_of(type_name(), name).leak();
                    caches::list(name, listed(kept));
                }
                return kept;
            }
            link = &node.next;
        }
    }
}

#[inline]
fn bucket_of(of: TypeId) -> usize {
    let mut hasher = Low(0);
    of.hash(&mut hasher);
    hasher.0 % BUCKETS
}

/// Takes the low bits of what a `TypeId` hashes.
struct Low(usize);

impl Hasher for Low {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= usize::from(*byte);
        }
    }
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the low bits are what is taken")]
    fn write_u64(&mut self, bits: u64) {
        self.0 ^= bits as usize;
    }
    fn finish(&self) -> u64 {
        self.0 as u64
    }
}
