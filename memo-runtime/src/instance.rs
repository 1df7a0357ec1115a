//! Where does an instance keep its caches?
//!
//! The attribute on the struct injects one field of type [`InstanceCaches`]: a single pointer to nothing until the first
//! memoized call. The attribute on each block declares what hangs off it; the two meet in [`CacheHome`], because neither
//! attribute can see the other's item.
//!
//! # Invariants of the unsafe code
//!
//! - `heap` is [`COLD`], or a share of [`Guards`] with the lowest bit set, or a `Box<Heap<S::AllCaches>>`, which its header
//!   knows as `whole`. It owns what it points to.
//! - Through `&self` it only goes from `COLD` to the others, and from the count to a heap that shares the count, by a
//!   compare-exchange. Back it goes only through `&mut self` or in `drop`.
//! - [`InstanceCaches`] is invariant in `S`, so that the lifetimes in `S::AllCaches` cannot change under it.

mod heap;
mod inert;
#[cfg(feature = "verify")]
pub(crate) mod notes;

use std::{
    marker::PhantomData,
    mem::{self, ManuallyDrop},
    panic::{RefUnwindSafe, UnwindSafe},
    pin::Pin,
    ptr,
    sync::{
        Arc,
        atomic::{
            AtomicPtr,
            Ordering::{AcqRel, Acquire},
        },
    },
};

use crate::{
    cache_set::CacheSet,
    fields::{Change, FieldList, Fields},
    mutation::{Attention, Guards, Mutation, MutationGuard, Share},
};

pub(crate) use self::heap::Heap;
use self::heap::{Erased, Header};
#[cfg(feature = "verify")]
use self::notes::{Aside, Notes};

/// What `#[memoize] struct` declares: the injected field.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
#[doc(hidden)]
pub trait CacheField: Sized {
    /// The fields of the struct.
    const FIELDS: FieldList;
    /// The field.
    fn caches(&self) -> &InstanceCaches<Self>;
    /// The field.
    fn caches_mut(&mut self) -> &mut InstanceCaches<Self>;
}

/// What is in the injected field. A block may ask for more bounds on the type's parameters than the struct does, and
/// then only types that meet them have it.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
#[doc(hidden)]
pub trait CacheHome: CacheField {
    /// The caches of all blocks.
    type AllCaches: CacheSet;
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
    /// A `&mut self` method ran, and no memoized call yet: the instance's share.
    Marked(*const Share),
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
        Arc::into_raw(guards.0).cast_mut().cast::<Header>().map_addr(|address| address | 1)
    }
}

#[inline]
fn is_heap(word: *mut Header) -> bool {
    word.addr() & 1 == 0
}

/// A heap as its header knows it.
#[allow(clippy::transmute_ptr_to_ptr, reason = "newer compilers cast to no longer lifetime")]
fn erased<'c, C: CacheSet + 'c>(heap: *mut Heap<C>) -> *mut dyn Erased {
    let heap: *mut (dyn Erased + 'c) = heap;
    // SAFETY: only a lifetime changes. Who follows the pointer has the instance, and so all that it borrows is alive.
    unsafe { mem::transmute::<*mut (dyn Erased + 'c), *mut (dyn Erased + 'static)>(heap) }
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
                Word::Marked(guards) => Some(Guards(unsafe { Arc::from_raw(guards) })),
            };
            let heap = Heap {
                header: Header {
                    whole: erased(ptr::null_mut::<Heap<S::AllCaches>>()),
                    attention: Attention::default(),
                    #[cfg(feature = "verify")]
                    notes: Notes::default(),
                },
                mutation: Mutation::new(guards),
                #[cfg(feature = "verify")]
                aside: Aside::default(),
                caches,
            };
            let new = Box::into_raw(Box::new(heap));
            // SAFETY: `new` was not published.
            unsafe { (*new).header.whole = erased(new) };
            let new = new.cast::<Header>();
            if self.heap.compare_exchange(word, new, AcqRel, Acquire).is_err() {
                // SAFETY: `new` was not published.
                let new = unsafe { Box::from_raw(new.cast::<Heap<S::AllCaches>>()) };
                new.mutation.disown();
            }
        }
    }
}

impl<S> InstanceCaches<S> {
    /// Drops all entries that depend on these fields. Costs a load and a branch, or two of them, when there are none.
    #[inline]
    pub(crate) fn forget(&mut self, changed: Fields) {
        #[cfg(feature = "verify")]
        self.note(changed);
        let word = *self.heap.get_mut();
        // SAFETY: by the invariants this is the header of a heap, which `&mut self` makes ours.
        if is_heap(word) && !unsafe { (*word).attention.covers(changed) } {
            self.forget_in_heap(word, changed);
        }
    }

    #[inline(never)]
    fn forget_in_heap(&mut self, heap: *mut Header, changed: Fields) {
        // SAFETY: by the invariants this is the header of a heap, which `&mut self` makes ours.
        if unsafe { (*(*heap).whole).forget(changed) } {
            self.free();
        }
    }

    /// Drops all entries that depend on the changed fields. If results that are computed meanwhile may depend on them too, marks
    /// the fields as changing while the guard lives.
    #[inline]
    pub(crate) fn mutate(&mut self, change: Change) -> Option<MutationGuard> {
        if change.meets_itself() {
            Some(self.begin(change.changed))
        } else {
            self.forget(change.changed);
            None
        }
    }

    #[inline(never)]
    fn begin(&mut self, changed: Fields) -> MutationGuard {
        #[cfg(feature = "verify")]
        self.note(changed);
        let word = *self.heap.get_mut();
        if is_heap(word) {
            // SAFETY: by the invariants this is the header of a heap, which `&mut self` makes ours.
            unsafe { (*(*word).whole).mutate(changed) }
        } else {
            self.mark(changed)
        }
    }

    /// Drops all entries that depend on these fields, and marks the fields as changing until [`InstanceCaches::clear`].
    pub(crate) fn stop_caching(&mut self, changed: Fields) {
        self.forget(changed);
        self.mark(changed).stay();
    }

    /// Drops all entries, and ends what was to stay for good.
    pub(crate) fn clear(&mut self) {
        let is_needed = match Word::read(*self.heap.get_mut()) {
            Word::Cold => return,
            Word::Marked(guards) => {
                // SAFETY: the share of the word stays where it is.
                let guards = ManuallyDrop::new(Guards(unsafe { Arc::from_raw(guards) }));
                guards.end_stay();
                guards.changing() != Fields::NONE
            }
            // SAFETY: by the invariants this is the header of a heap, which `&mut self` makes ours.
            Word::Full(heap) => unsafe { (*(*heap).whole).clear() },
        };
        if !is_needed {
            self.free();
        }
    }

    /// Marks the fields as changing while the guard lives, if results that are computed meanwhile may depend on them.
    #[inline]
    pub(crate) fn mutate_again(&self, change: Change) -> Option<MutationGuard> {
        #[cfg(feature = "verify")]
        self.note(change.changed);
        change.meets_itself().then(|| self.mark(change.changed))
    }

    /// Marks the fields as changing while the guard lives.
    fn mark(&self, changed: Fields) -> MutationGuard {
        loop {
            let word = self.heap.load(Acquire);
            let others = match Word::read(word) {
                // SAFETY: by the invariants this is the header of a heap, alive while `self` is borrowed.
                Word::Full(heap) => return unsafe { (*(*heap).whole).mark(changed) },
                Word::Marked(guards) => {
                    // SAFETY: the share of the word passes to the one that replaces it, or stays where it is.
                    let others = ManuallyDrop::new(Guards(unsafe { Arc::from_raw(guards) }));
                    if let Some(guard) = others.share(changed) {
                        // What has taken the word's place has to be told.
                        if self.heap.load(Acquire) == word {
                            return guard;
                        }
                        continue;
                    }
                    Some(ManuallyDrop::into_inner(others))
                }
                Word::Cold => None,
            };
            let new = Word::marked(Guards::new(changed, others));
            if self.heap.compare_exchange(word, new, AcqRel, Acquire).is_err() {
                if let Word::Marked(guards) = Word::read(new) {
                    // SAFETY: `new` was not published.
                    Guards(unsafe { Arc::from_raw(guards) }).disown();
                }
            }
        }
    }

    /// Notes a change for who reads a difference: see [`Notes`].
    #[cfg(feature = "verify")]
    fn note(&self, changed: Fields) {
        if let Word::Full(heap) = Word::read(self.heap.load(Acquire)) {
            // SAFETY: by the invariants this is the header of a heap, alive while `self` is borrowed.
            unsafe { (*heap).notes.changed(changed) };
        }
    }

    fn free(&mut self) {
        match Word::read(mem::replace(self.heap.get_mut(), COLD)) {
            Word::Cold => {}
            // SAFETY: the word's own share of the count.
            Word::Marked(guards) => drop(Guards(unsafe { Arc::from_raw(guards) })),
            // SAFETY: by the invariants it is the header of a box, which nothing refers to any more.
            Word::Full(heap) => drop(unsafe { Box::from_raw((*heap).whole) }),
        }
    }
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

/// Empties all caches of one instance, sets their counts to zero and frees their memory. An instance that had stopped caching,
/// because something could have gone on changing it unseen, starts anew: call this when that has ended.
///
/// Methods that take `&mut self` in a block annotated with `#[memoize]` forget what they change by themselves; call this
/// after a change that they cannot see, such as a field written directly.
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
    instance.caches_mut().clear();
}

/// The caches of a pinned instance, which are not pinned.
///
/// # Panics
///
/// If [`CacheField::caches`] leads to something that is not in the instance, which no implementation of the attribute's does.
pub(crate) fn pinned_caches<S: CacheField>(instance: Pin<&mut S>) -> &mut InstanceCaches<S> {
    let caches = ptr::from_ref(instance.caches());
    // SAFETY: nothing is moved out of it; only what lies at `offset` is borrowed from here on.
    let start = ptr::from_mut(unsafe { instance.get_unchecked_mut() });
    let offset = caches.addr().wrapping_sub(start.addr());
    assert!(
        offset <= size_of::<S>().wrapping_sub(size_of::<InstanceCaches<S>>()),
        "the caches are a field of the instance"
    );
    // SAFETY: inside of the instance, which is borrowed exclusively, a reference led to its caches.
    unsafe { &mut *start.byte_add(offset).cast::<InstanceCaches<S>>() }
}
