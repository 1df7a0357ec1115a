//! What is a type that has another name? What expansions ask of the types of memoized methods that do not say it.
//!
//! A question is a method of a type of its own; what is found there comes before what that type dereferences to.

#![expect(
    clippy::unused_self,
    reason = "a method is looked up by its receiver, whose type is all that is asked"
)]

use std::{marker::PhantomData, ops::Deref, rc::Rc, sync::Arc};

/// The answer about a `T`.
pub struct Said<T: ?Sized, A>(PhantomData<A>, PhantomData<fn(&T)>);
/// It is what was asked for.
pub struct IsIt;
/// It is something else.
pub struct IsOther;

/// What is kept of a result of an instance of `S`.
pub struct Kept<'a, S, T: ?Sized>(Other<T>, PhantomData<&'a T>, PhantomData<fn(S)>);
/// An argument that is not part of the key.
pub struct Passed<'a, T: ?Sized>(Other<T>, PhantomData<&'a T>);
/// Anything.
pub struct Other<T: ?Sized>(PhantomData<fn(&T)>);

impl<'a, S, T: ?Sized> Kept<'a, S, T> {
    /// Looks at what is kept.
    #[inline]
    pub const fn of(_kept: &'a T) -> Self {
        Self(Other(PhantomData), PhantomData, PhantomData)
    }
}
impl<'a, T: ?Sized> Passed<'a, T> {
    /// Looks at what is passed.
    #[inline]
    pub const fn of(_passed: &'a T) -> Self {
        Self(Other(PhantomData), PhantomData)
    }
}

impl<S, T: ?Sized> Deref for Kept<'_, S, T> {
    type Target = Other<T>;
    #[inline]
    fn deref(&self) -> &Other<T> {
        &self.0
    }
}
impl<T: ?Sized> Deref for Passed<'_, T> {
    type Target = Other<T>;
    #[inline]
    fn deref(&self) -> &Other<T> {
        &self.0
    }
}
impl<T: ?Sized> Other<T> {
    /// The answer.
    #[inline]
    pub const fn answer(&self) -> Said<T, IsOther> {
        Said(PhantomData, PhantomData)
    }
}

macro_rules! counted {
    ($($ty:ty),* $(,)?) => { $(
        impl<S> Kept<'_, S, $ty> {
            /// The answer.
            pub const fn answer(&self) -> Said<$ty, IsIt> {
                Said(PhantomData, PhantomData)
            }
        }
    )* };
}
counted! { Rc<S>, Arc<S>, Option<Rc<S>>, Option<Arc<S>>, Vec<Rc<S>>, Vec<Arc<S>>, Box<[Rc<S>]>, Box<[Arc<S>]> }

impl<'b, T: ?Sized> Passed<'_, &'b mut T> {
    /// The answer.
    pub const fn answer(&self) -> Said<&'b mut T, IsIt> {
        Said(PhantomData, PhantomData)
    }
}

/// An answer about a result.
#[diagnostic::on_unimplemented(
    message = "a cached result cannot hold its own instance; it would never be dropped; return a `Weak<Self>`, or take `&self`",
    label = "holds its own instance"
)]
pub trait Apart<T: ?Sized> {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> Apart<T> for IsOther {}

/// Refuses a result that holds its instance.
#[inline]
pub const fn apart<T: ?Sized, A: Apart<T>>(_answer: &Said<T, A>) {}

/// An answer about an argument.
#[diagnostic::on_unimplemented(
    message = "a memoized method cannot take `&mut`; a hit would skip the change; take a shared reference or a value, and return what changes",
    label = "is a `&mut`"
)]
pub trait Unchanged<T: ?Sized> {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> Unchanged<T> for IsOther {}

/// Refuses an argument that a hit would leave as it is.
#[inline]
pub const fn unchanged<T: ?Sized, A: Unchanged<T>>(_answer: &Said<T, A>) {}
