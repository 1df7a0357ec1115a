//! What can a method change, as far as its type says? What expansions call where a method begins that may change an instance.
//!
//! A block need not be for a type with caches, and an expansion cannot ask. So each question is a method of a type of its own,
//! which is found if the instance has caches; if not, one of what that type dereferences to is, and does nothing.

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

use crate::{
    fields::{Change, FieldList, Fields},
    home::CacheField,
    instance::pinned_caches,
    mutation::MutationGuard,
};

/// The fields of a type that may or may not have caches. What is said of `FieldsOf` itself comes before what [`AnyFields`] says.
pub struct FieldsOf<S>(PhantomData<S>);

impl<S: CacheField> FieldsOf<S> {
    /// The fields of the struct.
    pub const LIST: FieldList = S::FIELDS;
}

/// The fields of any type.
pub trait AnyFields {
    /// Nothing is known of them.
    const LIST: FieldList = FieldList::UNKNOWN;
}
impl<S> AnyFields for FieldsOf<S> {}

/// An instance that a method may change, and that may or may not have caches. Methods of `Instance` itself come before those of
/// what it dereferences to: a pointer to an instance, then anything.
pub struct Instance<'a, S>(Pointer<'a, S>);

/// What a block is for that is not for a struct: perhaps a pointer to one with caches.
pub struct Pointer<'a, S>(NoCaches, &'a mut S);

/// Stands in for an instance without caches.
pub struct NoCaches;

impl<'a, S> Instance<'a, S> {
    /// Looks at `instance`.
    #[inline]
    pub const fn new(instance: &'a mut S) -> Self {
        Self(Pointer(NoCaches, instance))
    }
    /// Looks at `instance`.
    #[inline]
    pub const fn pinned(instance: Pin<&'a mut S>) -> PinnedInstance<'a, S> {
        PinnedInstance(NoCaches, instance)
    }
}

/// An instance that is pinned.
pub struct PinnedInstance<'a, S>(NoCaches, Pin<&'a mut S>);

macro_rules! changes {
    ($(impl[$($bounds:tt)*] $ty:ty, |$this:ident| $caches:expr;)*) => { $(
        impl<$($bounds)*> $ty {
            /// Forgets what depends on the fields that a method changes.
            #[inline]
            pub fn forget(&mut self, changed: Fields) {
                let $this = self;
                $caches.forget(changed);
            }
            /// Forgets what depends on the fields that a method changes. If what is computed meanwhile may depend on them
            /// too, marks them as changing while the guard lives.
            #[inline]
            pub fn mutate(&mut self, change: Change) -> Option<MutationGuard> {
                let $this = self;
                $caches.mutate(change)
            }
            /// Forgets what depends on the fields that a method changes, and keeps nothing that depends on them from now on,
            /// until the instance is cleared: the method may leave something behind that goes on changing them unseen.
            pub fn stop_caching(&mut self, changed: Fields) {
                let $this = self;
                $caches.stop_caching(changed);
            }
        }
    )* };
}
changes! {
    impl[S: CacheField] Instance<'_, S>, |this| this.0.1.caches_mut();
    impl[S: CacheField] PinnedInstance<'_, S>, |this| pinned_caches(this.1.as_mut());
    impl[S: CacheField] Pointer<'_, Box<S>>, |this| this.1.caches_mut();
    impl[S: CacheField] Pointer<'_, &mut S>, |this| this.1.caches_mut();
}

/// Never implemented: what asks for it is refused.
#[diagnostic::on_unimplemented(
    message = "the instance behind `{Self}` could change unseen; what is cached in it would go stale; write the block for the struct itself, or mark the method `#[memoize(changes())]` if it changes no field",
    label = "a method of this type can change the instance"
)]
pub trait Seen {}

macro_rules! unseen {
    ($($pointer:ty),*) => { $(
        impl<S: CacheField> Pointer<'_, $pointer> {
            /// Refused.
            pub fn forget(&mut self, _changed: Fields) where $pointer: Seen {}
            /// Refused.
            pub fn mutate(&mut self, _change: Change) where $pointer: Seen {}
            /// Refused.
            pub fn stop_caching(&mut self, _changed: Fields) where $pointer: Seen {}
        }
    )* };
}
unseen!(Rc<S>, Arc<S>, Pin<Box<S>>, Option<S>, Vec<S>);

impl NoCaches {
    /// Nothing to forget.
    #[inline]
    pub const fn forget(&self, _changed: Fields) {}
    /// Nothing to mark.
    #[inline]
    pub const fn mutate(&self, _change: Change) -> Option<MutationGuard> {
        None
    }
    /// Nothing to cache.
    #[inline]
    pub const fn stop_caching(&self, _changed: Fields) {}
}

impl<'a, S> Deref for Instance<'a, S> {
    type Target = Pointer<'a, S>;
    #[inline]
    fn deref(&self) -> &Pointer<'a, S> {
        &self.0
    }
}

impl<S> DerefMut for Instance<'_, S> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<S> Deref for Pointer<'_, S> {
    type Target = NoCaches;
    #[inline]
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

impl<S> Deref for PinnedInstance<'_, S> {
    type Target = NoCaches;
    #[inline]
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

/// An instance that a closure of a mutating method holds.
pub struct Observed<'a, S>(ObservedPointer<'a, S>);

/// The same, where the block is for a pointer to it.
pub struct ObservedPointer<'a, S>(NoCaches, &'a S);

impl<'a, S> Observed<'a, S> {
    /// Looks at `instance`.
    #[inline]
    pub const fn new(instance: &'a S) -> Self {
        Self(ObservedPointer(NoCaches, instance))
    }
}

macro_rules! observed {
    ($(impl[$($bounds:tt)*] $ty:ty, |$this:ident| $caches:expr;)*) => { $(
        impl<$($bounds)*> $ty {
            /// If what is computed meanwhile may depend on the fields that the closure changes, marks them as changing while
            /// the guard lives.
            #[inline]
            pub fn mutate(&self, change: Change) -> Option<MutationGuard> {
                let $this = self;
                $caches.mutate_again(change)
            }
        }
    )* };
}
observed! {
    impl[S: CacheField] Observed<'_, S>, |this| this.0.1.caches();
    impl[S: CacheField] ObservedPointer<'_, Box<S>>, |this| this.1.caches();
    impl[S: CacheField] ObservedPointer<'_, &mut S>, |this| this.1.caches();
}

impl<'a, S> Deref for Observed<'a, S> {
    type Target = ObservedPointer<'a, S>;
    #[inline]
    fn deref(&self) -> &ObservedPointer<'a, S> {
        &self.0
    }
}

impl<S> Deref for ObservedPointer<'_, S> {
    type Target = NoCaches;
    #[inline]
    fn deref(&self) -> &NoCaches {
        &self.0
    }
}

/// An argument of a type that does not say whether it is an instance of `S`.
pub struct Argument<'a, S, T: ?Sized>(Harmless, PhantomData<(&'a T, fn(S))>);

/// Stands in for an argument that is none.
pub struct Harmless;

impl<'a, S, T: ?Sized> Argument<'a, S, T> {
    /// Looks at `argument`.
    #[inline]
    pub const fn of(_argument: &'a T) -> Self {
        Self(Harmless, PhantomData)
    }
}

impl<S, T: ?Sized> Deref for Argument<'_, S, T> {
    type Target = Harmless;
    #[inline]
    fn deref(&self) -> &Harmless {
        &self.0
    }
}

impl Harmless {
    /// Accepted.
    #[inline]
    pub const fn hides_no_instance(&self) {}
}

/// Never implemented: what asks for it is refused.
#[diagnostic::on_unimplemented(
    message = "behind this type is an instance, `{Self}`, which could change unseen; what is cached in it would go stale; write `Self` or `&mut Self`, or mark the method `#[memoize(changes())]` if it changes no field",
    label = "hides an instance"
)]
pub trait Spelled {}

macro_rules! hidden {
    ($([$($lifetime:lifetime),* $(,)? $(const $n:ident: usize)?] $instance:ty),*) => { $(
        impl<$($lifetime,)* S: CacheField $(, const $n: usize)?> Argument<'_, S, $instance> {
            /// Refused.
            pub fn hides_no_instance(&self) where $instance: Spelled {}
        }
    )* };
}
hidden! {
    [] S, [] Box<S>, [] Rc<S>, [] Arc<S>, [] Pin<Box<S>>,
    ['b] &'b mut S, ['b] Pin<&'b mut S>, ['b] Option<&'b mut S>, ['b] Vec<&'b mut S>, ['b] Box<&'b mut S>,
    ['b] &'b mut Box<S>, ['b] &'b mut Rc<S>, ['b] &'b mut Arc<S>, ['b] &'b mut Option<S>, ['b] &'b mut Option<Box<S>>,
    ['b] &'b mut Vec<S>, ['b] &'b mut Vec<Box<S>>, ['b] &'b mut [S], ['b] Option<&'b mut Box<S>>, ['b, 'c] &'b mut &'c mut S,
    ['b, const N: usize] [&'b mut S; N], ['b, const N: usize] &'b mut [S; N]
}
