//! What can a method change, as far as its type says? What expansions call where a method begins that may change an instance.
//!
//! A block need not be for a type with caches, and an expansion cannot ask. So each question is a method of a type of its own,
//! which is found if the instance has caches; if not, one of what that type dereferences to is, and does nothing.

#![expect(
    clippy::unused_self,
    clippy::mut_mut,
    reason = "a method is looked up by its receiver, whose type is all that is asked"
)]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    marker::PhantomData,
    ops::{Deref, DerefMut},
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

use crate::{
    fields::{Change, FieldList, Fields},
    instance::{CacheField, pinned_caches},
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

/// A type, and what became of the question about it.
pub struct Answer<T: ?Sized, A>(PhantomData<(A, T)>);
/// There is an instance with caches, and it can be seen.
pub struct Seen;
/// There is an instance with caches, and it could change unseen.
pub struct Unseen;
/// There is no instance with caches.
pub struct NoInstance;

/// What a block is for. The answer is a method's result, so that it is given once: see [`Instance`].
pub struct BlockFor<T>(PointerFor<T>);
/// The same, if it is not for a struct with caches.
pub struct PointerFor<T>(OtherFor<T>);
/// The same, if it is not for a pointer to one either.
pub struct OtherFor<T>(PhantomData<T>);

impl<T> BlockFor<T> {
    /// Asks for `T`.
    pub const NEW: Self = Self(PointerFor(OtherFor(PhantomData)));
}

macro_rules! answers {
    ($(impl[$($bounds:tt)*] $asked:ident<$ty:ty> is $answer:ty;)*) => { $(
        impl<$($bounds)*> $asked<$ty> {
            /// The answer.
            pub const fn answer(&self) -> Answer<$ty, $answer> {
                Answer(PhantomData)
            }
        }
    )* };
}
answers! {
    impl[S: CacheField] BlockFor<S> is Seen;
    impl[S: CacheField] PointerFor<Box<S>> is Seen;
    impl['a, S: CacheField] PointerFor<&'a mut S> is Seen;
    impl[S: CacheField] PointerFor<Rc<S>> is Unseen;
    impl[S: CacheField] PointerFor<Arc<S>> is Unseen;
    impl[S: CacheField] PointerFor<Pin<Box<S>>> is Unseen;
    impl[S: CacheField] PointerFor<Option<S>> is Unseen;
    impl[S: CacheField] PointerFor<Vec<S>> is Unseen;
    impl[S: CacheField] PointerFor<(S,)> is Unseen;
    impl[T] OtherFor<T> is NoInstance;
}

impl<T> Deref for BlockFor<T> {
    type Target = PointerFor<T>;
    fn deref(&self) -> &PointerFor<T> {
        &self.0
    }
}

impl<T> Deref for PointerFor<T> {
    type Target = OtherFor<T>;
    fn deref(&self) -> &OtherFor<T> {
        &self.0
    }
}

/// An answer about a block whose methods can change an instance.
#[diagnostic::on_unimplemented(
    message = "the instance behind `{T}` could change unseen; what is cached in it would go stale; write the block for the struct itself, or mark its methods `#[memoize(changes())]` if they change no field",
    label = "a method of this block can change an instance"
)]
pub trait Visible<T> {}
#[diagnostic::do_not_recommend]
impl<T> Visible<T> for Seen {}
#[diagnostic::do_not_recommend]
impl<T> Visible<T> for NoInstance {}

/// Refuses a block whose methods can change an instance unseen.
pub const fn visible<T, A: Visible<T>>(_answer: &Answer<T, A>) {}

/// An answer about a block that is there for what it does to instances with caches.
#[diagnostic::on_unimplemented(
    message = "the struct `{T}` is not annotated; its instances have no caches; write `#[memoize]` above the struct and its derives",
    label = "needs `#[memoize]` on its struct"
)]
pub trait Annotated<T> {}
#[diagnostic::do_not_recommend]
impl<T> Annotated<T> for Seen {}
#[diagnostic::do_not_recommend]
impl<T> Annotated<T> for Unseen {}

/// Refuses a block for a type without caches.
pub const fn annotated<T, A: Annotated<T>>(_answer: &Answer<T, A>) {}

/// An argument of a type that does not say whether it is an instance of `S`.
pub struct Argument<'a, S, T: ?Sized>(OtherArgument<T>, PhantomData<&'a T>, PhantomData<fn(S)>);
/// An argument that is none.
pub struct OtherArgument<T: ?Sized>(PhantomData<T>);

impl<'a, S, T: ?Sized> Argument<'a, S, T> {
    /// Looks at `argument`.
    #[inline]
    pub const fn of(_argument: &'a T) -> Self {
        Self(OtherArgument(PhantomData), PhantomData, PhantomData)
    }
}

impl<S, T: ?Sized> Deref for Argument<'_, S, T> {
    type Target = OtherArgument<T>;
    #[inline]
    fn deref(&self) -> &OtherArgument<T> {
        &self.0
    }
}

impl<T: ?Sized> OtherArgument<T> {
    /// The answer.
    #[inline]
    pub const fn answer(&self) -> Answer<T, NoInstance> {
        Answer(PhantomData)
    }
}

macro_rules! hidden {
    ($([$($lifetime:lifetime),* $(,)? $(const $n:ident: usize)?] $instance:ty),* $(,)?) => { $(
        impl<$($lifetime,)* S: CacheField $(, const $n: usize)?> Argument<'_, S, $instance> {
            /// The answer.
            pub const fn answer(&self) -> Answer<$instance, Unseen> {
                Answer(PhantomData)
            }
        }
    )* };
}
hidden! {
    [] S, [] Box<S>, [] Rc<S>, [] Arc<S>, [] Pin<Box<S>>,
    ['b] &'b mut S, ['b] Pin<&'b mut S>, ['b] Option<&'b mut S>, ['b] Vec<&'b mut S>, ['b] Box<&'b mut S>,
    ['b] &'b mut Box<S>, ['b] &'b mut Rc<S>, ['b] &'b mut Arc<S>, ['b] &'b mut Option<S>, ['b] &'b mut Option<Box<S>>,
    ['b] &'b mut Vec<S>, ['b] &'b mut Vec<Box<S>>, ['b] &'b mut [S], ['b] Option<&'b mut Box<S>>,
    ['b, 'c] &'b mut &'c mut S, ['b, const N: usize] [&'b mut S; N], ['b, const N: usize] &'b mut [S; N],
}

/// An answer about an argument.
#[diagnostic::on_unimplemented(
    message = "behind this type is an instance, `{T}`, which could change unseen; what is cached in it would go stale; write `Self` or `&mut Self`, or mark the method `#[memoize(changes())]` if it changes no field",
    label = "hides an instance"
)]
pub trait Plain<T: ?Sized> {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> Plain<T> for NoInstance {}

/// Refuses an argument through which an instance could change unseen.
#[inline]
pub const fn plain<T: ?Sized, A: Plain<T>>(_answer: &Answer<T, A>) {}

/// A type that hides nothing which a method could leave behind: neither a closure nor a borrow of the instance.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the standard library's, and may hide something that goes on changing the instance after the method; name the type otherwise",
    label = "may hide a closure or a borrow"
)]
pub trait Owned {}

macro_rules! owned {
    ($([$($parameter:ident),*] $ty:ty;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($parameter: Owned),*> Owned for $ty {}
    )* };
}
owned! {
    [] bool; [] char; [] str; [] String; [] (); [] f32; [] f64;
    [] u8; [] u16; [] u32; [] u64; [] u128; [] usize; [] i8; [] i16; [] i32; [] i64; [] i128; [] isize;
    [T] [T]; [T] Vec<T>; [T] Option<T>; [T] VecDeque<T>; [T] BTreeSet<T>;
    [T, E] Result<T, E>; [K, V] BTreeMap<K, V>;
    [A] (A,); [A, B] (A, B); [A, B, C] (A, B, C); [A, B, C, D] (A, B, C, D); [A, B, C, D, E] (A, B, C, D, E);
    [A, B, C, D, E, F] (A, B, C, D, E, F); [A, B, C, D, E, F, G] (A, B, C, D, E, F, G);
    [A, B, C, D, E, F, G, H] (A, B, C, D, E, F, G, H);
}
impl<T: Owned, const N: usize> Owned for [T; N] {}
impl<T: Owned + ?Sized> Owned for Box<T> {}
impl<T: Owned + ?Sized> Owned for &T {}
impl<T: Owned + ?Sized> Owned for &mut T {}
impl<T: Owned, S> Owned for HashSet<T, S> {}
impl<K: Owned, V: Owned, S> Owned for HashMap<K, V, S> {}

/// Asks whether types are `Owned`.
pub const fn plainly_owned<T: Owned + ?Sized>() {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::InstanceCaches;

    /// Leads to caches that are not its own, which takes no `unsafe`.
    struct Liar(Box<InstanceCaches<Liar>>);

    impl CacheField for Liar {
        const FIELDS: FieldList = FieldList::UNKNOWN;
        fn caches(&self) -> &InstanceCaches<Self> {
            &self.0
        }
        fn caches_mut(&mut self) -> &mut InstanceCaches<Self> {
            unreachable!("a pinned instance is not borrowed mutably")
        }
    }

    #[test]
    #[should_panic(expected = "the caches are a field of the instance")]
    fn pinned_instances_have_their_caches_in_them() {
        let mut liar = Liar(Box::default());
        Instance::pinned(Pin::new(&mut liar)).forget(Fields::ALL);
    }
}
