//! How do memoized calls stay fresh while a `&mut self` method runs?
//!
//! Such a method empties the caches when it begins: it holds `&mut`, so that is free. But its body may call a memoized
//! method, change the instance, and call again. So while it runs the instance is *mutating*: a share in a count, which the
//! method's guard holds, says so, without borrowing the instance. Memoized calls on a mutating instance use *scratch*
//! caches that live only as long as the outermost of them: that call borrows the instance, so nothing can change until
//! it returns. Recursion inside it is memoized as ever.
//!
//! A guard that was leaked (a forgotten future) leaves the instance mutating for ever: slow, not wrong.
//!
//! # Invariants of the unsafe code
//!
//! - `Scratch::caches` is a leaked box, alive while `depth > 0`; every [`ScratchGuard`] counts in `depth`, and lives on
//!   the stack of a memoized call (or of one poll of it), so that it cannot be leaked while a borrow goes on.
//! - When `depth` comes to 0 the box is freed, or moved to `kept` if references into it may have been handed out. Kept
//!   boxes are freed only through `&mut`.

use std::{
    ptr::NonNull,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{
            AtomicBool,
            Ordering::{Acquire, Relaxed},
            fence,
        },
    },
};

use crate::home::CacheSet;

/// The part of an instance's caches that knows about `&mut self` methods.
pub(crate) struct Mutation<C> {
    /// Whether a guard may be alive. Read by every memoized call.
    maybe: AtomicBool,
    state: OnceLock<Box<State<C>>>,
}

struct State<C> {
    guards: Guards,
    scratch: Mutex<Scratch<C>>,
}

struct Scratch<C> {
    /// How many memoized calls are inside the scratch caches.
    depth: usize,
    /// Whether one of them returns a reference.
    lasting: bool,
    caches: Option<NonNull<C>>,
    /// Left by outermost calls that may have handed out references.
    kept: Vec<NonNull<C>>,
    /// What accessors of a mutating instance see.
    detached: Option<NonNull<C>>,
}

/// Counts the guards of an instance that are alive: each of them has a share, and the instance has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guards(Arc<Share>);

/// Aligned, so that the lowest bit of the address is free for a mark.
#[derive(Debug, Default)]
#[repr(align(2))]
struct Share;

impl Guards {
    /// Whether a guard is alive.
    pub(crate) fn are_alive(&self) -> bool {
        let shares = Arc::strong_count(&self.0);
        // The drop of a share is a release; with this, what the guard's thread did happens before what follows.
        fence(Acquire);
        shares > 1
    }

    pub(crate) fn into_raw(self) -> *const () {
        Arc::into_raw(self.0).cast()
    }

    /// # Safety
    ///
    /// The pointer came from [`Guards::into_raw`], and its share passes to the result.
    pub(crate) unsafe fn from_raw(raw: *const ()) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { Arc::from_raw(raw.cast()) })
    }
}

/// Marks the instance as mutating while it lives.
#[must_use]
#[derive(Debug)]
#[allow(dead_code, reason = "held only to be dropped")]
pub struct MutationGuard(Guards);

impl MutationGuard {
    /// Takes over the share.
    pub(crate) fn new(share: Guards) -> Self {
        Self(share)
    }
}

impl<C> Mutation<C> {
    /// With the guards of an instance that was marked before it had caches.
    pub(crate) fn new(guards: Option<Guards>) -> Self {
        let mutation = Self { maybe: AtomicBool::new(guards.is_some()), state: OnceLock::new() };
        if let Some(guards) = guards {
            mutation.state.get_or_init(|| Box::new(State::new(guards)));
        }
        mutation
    }

    /// Ends without giving up the share in the guards that it was made of.
    pub(crate) fn disown(self) {
        if let Some(state) = self.state.into_inner() {
            state.guards.into_raw();
        }
    }

    /// Whether a memoized call has to look closer.
    #[inline]
    pub(crate) fn is_marked(&self) -> bool {
        self.maybe.load(Relaxed)
    }

    /// Whether a guard is alive; takes the mark away if none is.
    #[cold]
    pub(crate) fn is_mutating(&self) -> bool {
        if !self.is_marked() {
            return false;
        }
        let Some(state) = self.state.get() else { return false };
        // The lock orders this with `begin`, which may run through `&self`.
        let _scratch = state.lock();
        let mutating = state.guards.are_alive();
        self.maybe.store(mutating, Relaxed);
        mutating
    }

    pub(crate) fn is_active(&self) -> bool {
        self.state.get().is_some_and(|state| state.guards.are_alive())
    }

    /// Marks the instance as mutating. What is in the caches is the caller's business.
    pub(crate) fn begin(&self) -> MutationGuard {
        let state = self.state.get_or_init(|| Box::new(State::new(Guards::default())));
        let _scratch = state.lock();
        self.maybe.store(true, Relaxed);
        MutationGuard::new(state.guards.clone())
    }

    /// Frees what was kept for references, which `&mut self` proves to be gone.
    pub(crate) fn release(&mut self) {
        if let Some(state) = self.state.get_mut() {
            let scratch = state.scratch.get_mut().unwrap_or_else(PoisonError::into_inner);
            scratch.release();
        }
    }
}

impl<C> State<C> {
    fn new(guards: Guards) -> Self {
        let scratch =
            Scratch { lasting: false, depth: 0, caches: None, kept: Vec::new(), detached: None };
        Self { guards, scratch: Mutex::new(scratch) }
    }

    fn lock(&self) -> MutexGuard<'_, Scratch<C>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Scratch<C> {
    fn release(&mut self) {
        while let Some(caches) = self.kept.pop().or_else(|| self.detached.take()) {
            // SAFETY: `&mut self` comes from `&mut` of the instance: no reference into the caches is left.
            drop(unsafe { Box::from_raw(caches.as_ptr()) });
        }
    }
}

impl<C> Drop for Scratch<C> {
    fn drop(&mut self) {
        self.release();
    }
}

// SAFETY: the pointers are owned boxes.
unsafe impl<C: Send> Send for Scratch<C> {}

impl<C: CacheSet> Mutation<C> {
    /// Enters the scratch caches, if the instance is mutating.
    #[cold]
    #[inline(never)]
    pub(crate) fn enter<'a>(&'a self, main: &'a C, lasting: bool) -> Option<ScratchGuard<'a, C>> {
        if !self.is_mutating() {
            return None;
        }
        let state = self.state.get()?;
        let mut scratch = state.lock();
        let caches = *scratch.caches.get_or_insert_with(|| leak(C::new()));
        scratch.depth += 1;
        scratch.lasting |= lasting;
        Some(ScratchGuard { state, caches, main })
    }

    /// Empty caches for accessors, which outlive the calls that scratch caches belong to.
    pub(crate) fn detached(&self) -> &C {
        let Some(state) = self.state.get() else {
            unreachable!("a mutating instance has its state");
        };
        let caches = *state.lock().detached.get_or_insert_with(|| leak(C::new()));
        // SAFETY: freed only through `&mut` of the instance.
        unsafe { caches.as_ref() }
    }
}

fn leak<C>(caches: C) -> NonNull<C> {
    NonNull::from(Box::leak(Box::new(caches)))
}

/// A memoized call's stay in the scratch caches.
pub(crate) struct ScratchGuard<'a, C: CacheSet> {
    state: &'a State<C>,
    caches: NonNull<C>,
    main: &'a C,
}

impl<C: CacheSet> ScratchGuard<'_, C> {
    pub(crate) fn caches(&self) -> &C {
        // SAFETY: `self` counts in `depth`, so the box is alive.
        unsafe { self.caches.as_ref() }
    }
}

impl<C: CacheSet> Drop for ScratchGuard<'_, C> {
    fn drop(&mut self) {
        let mut scratch = self.state.lock();
        scratch.depth -= 1;
        if scratch.depth > 0 {
            return;
        }
        let Some(caches) = scratch.caches.take() else { return };
        let lasting = std::mem::take(&mut scratch.lasting);
        if lasting {
            scratch.kept.push(caches);
        }
        drop(scratch);
        // SAFETY: kept boxes are freed through `&mut` only; others below.
        self.main.absorb(unsafe { caches.as_ref() });
        if !lasting {
            // SAFETY: this was the last call inside, and no reference was handed out.
            drop(unsafe { Box::from_raw(caches.as_ptr()) });
        }
    }
}
