//! How do memoized calls stay fresh while a `&mut self` method runs?
//!
//! Such a method forgets what depends on the fields that it changes when it begins: it holds `&mut`, so that is free. But its
//! body may call a memoized method, change the instance, and call again. So while it runs the fields are *changing*: a share in a
//! count, which the method's guard holds, says so, without borrowing the instance. Memoized calls that read such a field use
//! *scratch* caches that live only as long as the outermost of them: that call borrows the instance, so nothing can change
//! until it returns. Recursion inside it is memoized as ever. All other calls use the instance's own caches.
//!
//! There is a count for each set of fields, since guards of different sets need not end in the order in which they began: a
//! future that is polled within a method may outlive it. A guard that was leaked (a forgotten future) leaves its fields changing
//! for ever: slow, not wrong. So does one that was told to stay, until the instance is cleared.
//!
//! # Invariants of the unsafe code
//!
//! - `Scratch::caches` is a leaked box, alive while `depth > 0`; every [`ScratchGuard`] counts in `depth`, and lives on
//!   the stack of a memoized call (or of one poll of it), so that it cannot be leaked while a borrow goes on.
//! - When `depth` comes to 0 the box is freed, or moved to `kept` if references into it may have been handed out. Kept
//!   boxes are freed only through `&mut`.

mod attention;
mod guards;

use std::{
    mem,
    ptr::NonNull,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use crate::{cache_set::CacheSet, fields::Fields};

pub use self::guards::MutationGuard;
pub(crate) use self::{
    attention::Attention,
    guards::{Guards, Share},
};

/// The part of an instance's caches that knows about `&mut self` methods.
pub(crate) struct Mutation<C> {
    state: OnceLock<Box<State<C>>>,
}

struct State<C> {
    scratch: Mutex<Scratch<C>>,
}

/// The state of an instance on which a field is changing.
struct Locked<'a, C> {
    state: &'a State<C>,
    scratch: MutexGuard<'a, Scratch<C>>,
}

struct Scratch<C> {
    guards: Option<Guards>,
    /// How many memoized calls are inside the scratch caches.
    depth: usize,
    /// What they read.
    reads: Fields,
    /// Whether one of them returns a reference.
    lasting: bool,
    caches: Option<NonNull<C>>,
    /// Left by outermost calls that may have handed out references.
    kept: Vec<NonNull<C>>,
    /// What accessors of a mutating instance see.
    detached: Option<NonNull<C>>,
}

impl<C> Mutation<C> {
    /// With the guards of an instance that was marked before it had caches.
    pub(crate) fn new(guards: Option<Guards>) -> Self {
        let mutation = Self { state: OnceLock::new() };
        if guards.is_some() {
            mutation.state.get_or_init(|| Box::new(State::new(guards)));
        }
        mutation
    }

    /// Ends without giving up the share in the guards that it was made of.
    pub(crate) fn disown(self) {
        if let Some(guards) = self.state.into_inner().and_then(|state| state.lock().guards.take()) {
            mem::forget(guards);
        }
    }

    /// Whether one of these fields is changing; if not, they ask for no attention from now on.
    #[cold]
    #[inline(never)]
    pub(crate) fn is_mutating(&self, attention: &Attention, reads: Fields) -> bool {
        self.lock_mutating(attention, reads).is_some()
    }

    /// [`Mutation::is_mutating`], with what was locked to find out.
    #[inline]
    fn lock_mutating(&self, attention: &Attention, reads: Fields) -> Option<Locked<'_, C>> {
        if self.state.get().is_none() {
            attention.answer(reads);
        }
        // Looked at again: what asked for attention before this answer has made it before.
        let state = self.state.get()?;
        // The lock orders this with `begin`, which may run through `&self`.
        let scratch = state.lock();
        let changing = scratch.changing();
        attention.settle(reads, changing);
        changing.overlap(reads).then_some(Locked { state, scratch })
    }

    /// Whether a field is changing.
    pub(crate) fn is_active(&mut self) -> bool {
        self.state.get_mut().is_some_and(|state| state.get_mut().changing() != Fields::NONE)
    }

    /// Ends marks that were to stay; whether a guard is alive nevertheless.
    pub(crate) fn end_stay(&mut self) -> bool {
        let Some(state) = self.state.get_mut() else { return false };
        state.get_mut().guards.iter().for_each(Guards::end_stay);
        self.is_active()
    }

    /// Marks the instance as mutating. What is in the caches is the caller's business.
    pub(crate) fn begin(&self, attention: &Attention, changed: Fields) -> MutationGuard {
        let state = self.state.get_or_init(|| Box::new(State::new(None)));
        let mut scratch = state.lock();
        let guard = scratch.guard(changed);
        attention.ask(changed);
        guard
    }

    /// The same where nobody else has the instance, and the fields ask for attention already.
    pub(crate) fn begin_alone(&mut self, changed: Fields) -> MutationGuard {
        match self.state.get_mut() {
            Some(state) => state.get_mut().guard(changed),
            None => self.state.get_or_init(|| Box::new(State::new(None))).lock().guard(changed),
        }
    }

    /// What was kept for references, which `&mut self` proves to be gone.
    pub(crate) fn take_kept(&mut self) -> Vec<Box<C>> {
        let Some(state) = self.state.get_mut() else { return Vec::new() };
        state.get_mut().take_kept()
    }
}

impl<C> State<C> {
    fn new(guards: Option<Guards>) -> Self {
        let scratch = Scratch {
            guards,
            depth: 0,
            reads: Fields::NONE,
            lasting: false,
            caches: None,
            kept: Vec::new(),
            detached: None,
        };
        Self { scratch: Mutex::new(scratch) }
    }

    fn lock(&self) -> MutexGuard<'_, Scratch<C>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get_mut(&mut self) -> &mut Scratch<C> {
        self.scratch.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Scratch<C> {
    /// The fields that are changing.
    fn changing(&self) -> Fields {
        self.guards.as_ref().map_or(Fields::NONE, Guards::changing)
    }

    /// A guard for these fields.
    fn guard(&mut self, changed: Fields) -> MutationGuard {
        if let Some(guard) = self.guards.as_ref().and_then(|guards| guards.share(changed)) {
            return guard;
        }
        let guards = Guards::new(changed, self.guards.take());
        let guard = guards.guard();
        self.guards = Some(guards);
        guard
    }

    /// The caches that only references, if any, still need.
    fn take_kept(&mut self) -> Vec<Box<C>> {
        if self.kept.is_empty() && self.detached.is_none() {
            return Vec::new();
        }
        let kept = self.kept.drain(..).chain(self.detached.take());
        // SAFETY: leaked boxes; `&mut self` comes from `&mut` of the instance, so no reference into them is left.
        kept.map(|caches| unsafe { Box::from_raw(caches.as_ptr()) }).collect()
    }
}

impl<C> Drop for Scratch<C> {
    fn drop(&mut self) {
        self.take_kept();
    }
}

// SAFETY: the pointers are owned boxes.
unsafe impl<C: Send> Send for Scratch<C> {}

impl<C: CacheSet> Mutation<C> {
    /// Enters the scratch caches, if one of these fields is changing.
    #[cold]
    #[inline(never)]
    pub(crate) fn enter<'a>(
        &'a self,
        attention: &'a Attention,
        reads: Fields,
        main: &'a C,
        lasting: bool,
    ) -> Option<ScratchGuard<'a, C>> {
        let Locked { state, mut scratch } = self.lock_mutating(attention, reads)?;
        let caches = *scratch.caches.get_or_insert_with(|| leak(C::new()));
        scratch.depth += 1;
        scratch.reads = scratch.reads.and(reads);
        scratch.lasting |= lasting;
        Some(ScratchGuard { state, attention, caches, main, lasting })
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

/// A memoized call's stay in the scratch caches. Their counts are added to those of the instance's own in the end.
pub(crate) struct ScratchGuard<'a, C: CacheSet> {
    state: &'a State<C>,
    attention: &'a Attention,
    caches: NonNull<C>,
    main: &'a C,
    lasting: bool,
}

impl<'a, C: CacheSet> ScratchGuard<'a, C> {
    pub(crate) fn caches(&self) -> &C {
        // SAFETY: `self` counts in `depth`, so the box is alive.
        unsafe { self.caches.as_ref() }
    }

    /// The caches of one that was entered to last.
    pub(crate) fn lasting(&self) -> &'a C {
        assert!(self.lasting, "these caches are freed when the call returns");
        // SAFETY: the box is moved to `kept`, and freed only through `&mut` of the instance, which is borrowed for `'a`.
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
        let lasting = mem::take(&mut scratch.lasting);
        self.attention.count(mem::replace(&mut scratch.reads, Fields::NONE));
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
