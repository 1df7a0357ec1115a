//! Where does an instance keep its caches?
//!
//! The attribute on the struct injects one field of type [`InstanceCaches`]: a single pointer to nothing until the first
//! memoized call. The attribute on each block declares what hangs off it ([`MemoizedBlock`]). The two meet in
//! [`CacheHome`], because neither attribute can see the other's item.
//!
//! # Invariants of the unsafe code
//!
//! - `heap` is [`COLD`], or a share of [`Guards`] with the lowest bit set, or a `Box<Heap<S::AllCaches>>`, whose
//!   header's functions fit just that type. It owns what it points to.
//! - Through `&self` it only goes from `COLD` to the others, and from the count to a heap that shares the count, by a
//!   compare-exchange. Back it goes only through `&mut self` or in `drop`.
//! - [`InstanceCaches`] is invariant in `S`, so that the lifetimes in `S::AllCaches` cannot change under it.

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    mem::ManuallyDrop,
    panic::{RefUnwindSafe, UnwindSafe},
    ptr,
    sync::atomic::{
        AtomicPtr,
        Ordering::{AcqRel, Acquire},
    },
};

use crate::{
    home::{BlockHome, CacheField, CacheHome, CacheSet},
    mutation::{Guards, Mutation, MutationGuard},
};

/// What can be done with the caches of a type that is not known.
#[repr(C)]
struct Header {
    /// Frees the heap.
    free: unsafe fn(*mut Header),
    /// Drops all entries. Returns whether the heap is still needed.
    empty: unsafe fn(*mut Header) -> bool,
    /// Marks the instance as mutating.
    mark: unsafe fn(*mut Header) -> MutationGuard,
}

/// What hangs off the injected field from the first memoized call on.
#[repr(C)]
pub(crate) struct Heap<C> {
    header: Header,
    pub(crate) mutation: Mutation<C>,
    pub(crate) caches: C,
}

/// The type of the injected field: the caches of one instance.
///
/// It takes no part in what the instance is: a clone starts empty, all are equal, and nothing is hashed.
pub struct InstanceCaches<S> {
    heap: AtomicPtr<Header>,
    owner: PhantomData<fn(S) -> S>,
}

/// Nothing was called yet.
const COLD: *mut Header = ptr::without_provenance_mut(1);

/// What `heap` says.
enum Word {
    Cold,
    /// A `&mut self` method ran, and no memoized call yet: the instance's share, from [`Guards::into_raw`].
    Marked(*const ()),
    Full(*mut Header),
}

impl Word {
    fn read(word: *mut Header) -> Self {
        if word == COLD {
            Self::Cold
        } else if is_heap(word) {
            Self::Full(word)
        } else {
            Self::Marked(word.map_addr(|address| address & !1).cast())
        }
    }

    fn marked(guards: Guards) -> *mut Header {
        guards.into_raw().cast_mut().cast::<Header>().map_addr(|address| address | 1)
    }
}

#[inline]
fn is_heap(word: *mut Header) -> bool {
    word.addr() & 1 == 0
}

/// Another share.
///
/// # Safety
///
/// The count is alive: it belongs to the word that it was read from, or to the heap that replaced it.
unsafe fn share(guards: *const ()) -> Guards {
    // SAFETY: the caller's promise; the share of the word stays where it is.
    let guards = ManuallyDrop::new(unsafe { Guards::from_raw(guards) });
    Guards::clone(&guards)
}

impl<S> InstanceCaches<S> {
    /// No caches yet, and no heap.
    pub const fn new() -> Self {
        Self { heap: AtomicPtr::new(COLD), owner: PhantomData }
    }
}

impl<S: CacheHome> InstanceCaches<S> {
    /// The caches, if there are any yet.
    #[inline]
    pub(crate) fn warm(&self) -> Option<&Heap<S::AllCaches>> {
        let heap = self.heap.load(Acquire);
        if is_heap(heap) {
            // SAFETY: by the invariants this is a `Heap<S::AllCaches>`, alive while `self` is borrowed.
            Some(unsafe { &*heap.cast() })
        } else {
            None
        }
    }

    /// The caches, which the first memoized call allocates.
    #[inline]
    pub(crate) fn heap(&self) -> &Heap<S::AllCaches> {
        self.warm().unwrap_or_else(|| self.allocate())
    }

    #[cold]
    #[inline(never)]
    fn allocate(&self) -> &Heap<S::AllCaches> {
        loop {
            let word = self.heap.load(Acquire);
            let caches = S::AllCaches::new();
            let guards = match Word::read(word) {
                // SAFETY: as in `heap`.
                Word::Full(heap) => return unsafe { &*heap.cast() },
                Word::Cold => None,
                // SAFETY: the share of the word passes to the heap that replaces it, and to no other. So nobody sees a
                // share more than there are guards, and takes the instance for a mutating one.
                Word::Marked(guards) => Some(unsafe { Guards::from_raw(guards) }),
            };
            let new: Box<Heap<S::AllCaches>> = Box::new(Heap {
                header: Header {
                    free: free_heap::<S::AllCaches>,
                    empty: empty_heap::<S::AllCaches>,
                    mark: mark_heap::<S::AllCaches>,
                },
                mutation: Mutation::new(guards),
                caches,
            });
            let new = Box::into_raw(new).cast::<Header>();
            if self.heap.compare_exchange(word, new, AcqRel, Acquire).is_err() {
                // SAFETY: `new` was not published.
                let new = unsafe { Box::from_raw(new.cast::<Heap<S::AllCaches>>()) };
                new.mutation.disown();
            }
        }
    }
}

impl<S> InstanceCaches<S> {
    /// Drops all entries. Costs a load and a branch when there are none.
    #[inline]
    pub(crate) fn empty(&mut self) {
        if *self.heap.get_mut() != COLD {
            self.empty_heap();
        }
    }

    #[cold]
    #[inline(never)]
    fn empty_heap(&mut self) {
        let is_needed = match Word::read(*self.heap.get_mut()) {
            Word::Cold => return,
            Word::Marked(guards) => {
                // SAFETY: the share of the word stays where it is.
                unsafe { ManuallyDrop::new(Guards::from_raw(guards)) }.are_alive()
            }
            // SAFETY: by the invariants `empty` fits the heap, which `&mut self` makes ours.
            Word::Full(heap) => unsafe { ((*heap).empty)(heap) },
        };
        if !is_needed {
            self.free();
        }
    }

    /// Drops all entries, and marks the instance as mutating while the guard lives.
    pub(crate) fn mutate(&mut self) -> MutationGuard {
        if let Word::Full(heap) = Word::read(*self.heap.get_mut()) {
            // SAFETY: by the invariants `empty` fits the heap, which `&mut self` makes ours.
            unsafe { ((*heap).empty)(heap) };
        }
        self.mark()
    }

    /// Marks the instance as mutating while the guard lives.
    pub(crate) fn mark(&self) -> MutationGuard {
        loop {
            let word = self.heap.load(Acquire);
            match Word::read(word) {
                // SAFETY: by the invariants `mark` fits the heap, alive while `self` is borrowed.
                Word::Full(heap) => return unsafe { ((*heap).mark)(heap) },
                Word::Marked(guards) => {
                    // SAFETY: whoever replaces the word keeps the count alive in the heap.
                    let guard = MutationGuard::new(unsafe { share(guards) });
                    // A heap that has taken the word's place has to be told.
                    if self.heap.load(Acquire) == word {
                        return guard;
                    }
                }
                Word::Cold => {
                    let new = Word::marked(Guards::default());
                    if self.heap.compare_exchange(COLD, new, AcqRel, Acquire).is_err() {
                        if let Word::Marked(guards) = Word::read(new) {
                            // SAFETY: `new` was not published.
                            drop(unsafe { Guards::from_raw(guards) });
                        }
                    }
                }
            }
        }
    }

    fn free(&mut self) {
        match Word::read(std::mem::replace(self.heap.get_mut(), COLD)) {
            Word::Cold => {}
            // SAFETY: the word's own share of the count.
            Word::Marked(guards) => drop(unsafe { Guards::from_raw(guards) }),
            // SAFETY: by the invariants `free` fits the heap, which nothing refers to any more.
            Word::Full(heap) => unsafe { ((*heap).free)(heap) },
        }
    }
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, given up by its owner.
unsafe fn free_heap<C>(heap: *mut Header) {
    // SAFETY: the caller's promise; `Heap` is `repr(C)` with the header first.
    drop(unsafe { Box::from_raw(heap.cast::<Heap<C>>()) });
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent exclusively by its owner.
unsafe fn empty_heap<C: CacheSet>(heap: *mut Header) -> bool {
    // SAFETY: the caller's promise.
    let heap = unsafe { &mut *heap.cast::<Heap<C>>() };
    heap.mutation.release();
    heap.caches.empty();
    heap.mutation.is_active()
}

/// # Safety
///
/// `heap` is the pointer of a `Box<Heap<C>>`, lent by its owner.
unsafe fn mark_heap<C>(heap: *mut Header) -> MutationGuard {
    // SAFETY: the caller's promise.
    unsafe { &*heap.cast::<Heap<C>>() }.mutation.begin()
}

impl<S> Drop for InstanceCaches<S> {
    #[inline]
    fn drop(&mut self) {
        if *self.heap.get_mut() != COLD {
            self.free();
        }
    }
}

// SAFETY: the field owns the caches; sending it sends them.
unsafe impl<S: CacheHome> Send for InstanceCaches<S> where S::AllCaches: Send {}
// SAFETY: through `&self` threads share the caches, and one may drop what another one made (the scratch caches of a
// mutating instance), so both traits are needed.
unsafe impl<S: CacheHome> Sync for InstanceCaches<S> where S::AllCaches: Send + Sync {}
impl<S> Unpin for InstanceCaches<S> {}
impl<S: CacheHome> UnwindSafe for InstanceCaches<S> where S::AllCaches: UnwindSafe {}
impl<S: CacheHome> RefUnwindSafe for InstanceCaches<S> where S::AllCaches: RefUnwindSafe {}

impl<S> Default for InstanceCaches<S> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
impl<S> Clone for InstanceCaches<S> {
    #[inline]
    fn clone(&self) -> Self {
        Self::new()
    }
}
impl<S> PartialEq for InstanceCaches<S> {
    #[inline]
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
impl<S> Eq for InstanceCaches<S> {}
impl<S> Hash for InstanceCaches<S> {
    #[inline]
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}
impl<S> PartialOrd for InstanceCaches<S> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<S> Ord for InstanceCaches<S> {
    #[inline]
    fn cmp(&self, _other: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}
impl<S> fmt::Debug for InstanceCaches<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<caches>")
    }
}

/// Empties all caches of one instance, sets their counts to zero and frees their memory.
///
/// Methods that take `&mut self` in a block annotated with `#[memoize]` do this by themselves; call it after a change
/// that they cannot see, such as a field written directly.
///
/// ```
/// use memo_runtime::{clear_instance, memoize};
///
/// #[memoize]
/// struct Square {
///     side: f64,
/// }
///
/// #[memoize]
/// impl Square {
///     fn new(side: f64) -> Self {
///         Self { side }
///     }
///     #[memoize]
///     fn area(&self) -> f64 {
///         self.side * self.side
///     }
/// }
///
/// let mut square = Square::new(2.0);
/// assert_eq!(square.area(), 4.0);
/// square.side = 3.0; // outside of the annotated block: not seen
/// clear_instance(&mut square);
/// assert_eq!(square.area(), 9.0);
/// ```
///
/// # Panics
///
/// If dropping a cached key or value panics.
pub fn clear_instance<S: CacheField>(instance: &mut S) {
    instance.caches_mut().empty();
}

/// The store of one instance-scoped method, for as long as the instance is borrowed.
///
/// A mutating instance shows an empty store, and forgets what is inserted.
pub(crate) fn accessible<'a, S, Block, T>(
    instance: &'a S,
    select: impl Fn(&<S as BlockHome<Block>>::Caches) -> &T,
) -> &'a T
where
    S: BlockHome<Block>,
    Block: 'a,
{
    let heap = instance.caches().heap();
    let caches = if heap.mutation.is_mutating() { heap.mutation.detached() } else { &heap.caches };
    select(S::block(caches))
}
