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

use std::{
    mem,
    ptr::NonNull,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{AcqRel, Acquire, Relaxed},
            fence,
        },
    },
};

use crate::{cache_set::CacheSet, fields::Fields};

/// The fields that ask for attention: a memoized call that reads one of them has to look closer. They may be changing, or
/// no cache holds anything that depends on them. Read by every memoized call.
#[derive(Debug)]
pub(crate) struct Attention {
    asked: AtomicU64,
    /// Fields whose stores may have counts although nothing in them depends on those fields: see [`ScratchGuard`].
    counted: AtomicU64,
}

impl Default for Attention {
    fn default() -> Self {
        Self { asked: AtomicU64::new(Fields::ALL.0), counted: AtomicU64::new(Fields::NONE.0) }
    }
}

impl Attention {
    #[inline]
    pub(crate) fn is_asked(&self, reads: Fields) -> bool {
        Fields(self.asked.load(Relaxed)).overlap(reads)
    }

    /// Whether no cache holds anything that depends on these fields, not even counts.
    #[inline]
    pub(crate) fn covers(&mut self, changed: Fields) -> bool {
        Fields(*self.asked.get_mut()).contain(changed)
            && !Fields(*self.counted.get_mut()).overlap(changed)
    }

    /// Everything that depends on these fields is forgotten.
    pub(crate) fn forgotten(&mut self, changed: Fields) {
        *self.asked.get_mut() |= changed.0;
        *self.counted.get_mut() &= !changed.0;
    }

    /// These fields are changing.
    fn ask(&self, changed: Fields) {
        self.asked.fetch_or(changed.0, AcqRel);
    }

    /// Calls that read these fields were counted.
    fn count(&self, reads: Fields) {
        // Only `&mut` takes it back.
        if !Fields(self.counted.load(Relaxed)).contain(reads) {
            self.counted.fetch_or(reads.0, AcqRel);
        }
    }

    /// There may be something in the caches that depends on these fields, which are not changing.
    fn answer(&self, reads: Fields) {
        self.asked.fetch_and(!reads.0, AcqRel);
    }

    /// Just these of all fields that are read are changing. The caller has locked the state, so that no field begins to
    /// change meanwhile, and nothing has to be written if that is known already.
    fn settle(&self, reads: Fields, changing: Fields) {
        let asked = Fields(self.asked.load(Relaxed));
        if asked.overlap(reads.without(changing)) {
            self.answer(reads.without(changing));
        }
        if !asked.contain(changing) {
            self.ask(changing);
        }
    }
}

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

/// Counts the guards of an instance that are alive, apart for each set of fields: every guard has a share, and the
/// instance has one.
#[derive(Debug)]
pub(crate) struct Guards(Arc<Share>);

/// Aligned, so that the lowest bit of the address is free for a mark.
#[derive(Debug)]
#[repr(align(2))]
struct Share {
    changed: Fields,
    /// Whether the fields count as changing without a guard.
    stays: AtomicBool,
    others: Option<Guards>,
}

impl Guards {
    /// Those for `changed`, none of them alive, and others.
    pub(crate) fn new(changed: Fields, others: Option<Guards>) -> Self {
        Self(Arc::new(Share { changed, stays: AtomicBool::new(false), others }))
    }

    /// A guard, if there is a count for these fields.
    pub(crate) fn share(&self, changed: Fields) -> Option<MutationGuard> {
        if self.0.changed == changed {
            return Some(MutationGuard(Arc::clone(&self.0)));
        }
        self.0.others.as_ref()?.share(changed)
    }

    /// The fields of the guards that are alive, and of those that were to stay.
    pub(crate) fn changing(&self) -> Fields {
        let others = self.0.others.as_ref().map_or(Fields::NONE, Self::changing);
        let shares = Arc::strong_count(&self.0);
        // The drop of a share is a release; with this, what the guard's thread did happens before what follows.
        fence(Acquire);
        let is_changing = shares > 1 || self.0.stays.load(Relaxed);
        if is_changing { others.and(self.0.changed) } else { others }
    }

    /// Ends what [`MutationGuard::stay`] began.
    pub(crate) fn end_stay(&self) {
        self.0.stays.store(false, Relaxed);
        if let Some(others) = &self.0.others {
            others.end_stay();
        }
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

    /// Ends without giving up the share in the others, which belongs to somebody else.
    pub(crate) fn disown(self) {
        if let Some(others) = Arc::into_inner(self.0).and_then(|share| share.others) {
            others.into_raw();
        }
    }
}

/// Marks the instance as mutating while it lives.
#[must_use]
#[derive(Debug)]
#[allow(dead_code, reason = "held only to be dropped")]
pub struct MutationGuard(Arc<Share>);

impl MutationGuard {
    /// Leaves the fields marked when the guard ends.
    pub(crate) fn stay(self) {
        self.0.stays.store(true, Relaxed);
    }
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
            guards.into_raw();
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
        let guard = MutationGuard(Arc::clone(&guards.0));
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
