//! Which fields of an annotated struct can change through `&`? Their types decide, asked by the expansion:
//! `steady(Field::of(&shape.side).kind())` compiles only where nothing can change a `side` behind a shared reference.
//!
//! There are three questions, and method look-up asks one after the other: a method of [`Field`] itself whose bounds do not
//! hold is passed over for the one of what it dereferences to.
//!
//! 1. Is there a lock, an atomic or a weak handle in it, as far as the standard library's types show what is in them?
//!    [`HoldsLock`] says so. These are `RefUnwindSafe`, so the next question would not find them.
//! 2. Is it [`RefUnwindSafe`]? The compiler answers for each type, and says no as soon as there is an `UnsafeCell` in it,
//!    or a trait object that may hold one.
//! 3. Otherwise, is it made of annotated structs and standard types alone? [`Steady`] says so. An annotated struct answers
//!    for its own fields: what it marks `untracked` or `unchecked`, and what is in its caches, counts for nothing.
//!
//! Not seen is a lock or atomic in a struct that is not the standard library's.

#![expect(
    clippy::unused_self,
    reason = "a method is looked up by its receiver, whose type is all that is asked"
)]

#[cfg(test)]
mod tests;
mod types;

use std::{marker::PhantomData, ops::Deref, panic::RefUnwindSafe};

/// A type in which some lock, atomic or weak handle is reached by `Way`: that it *is* one, or by a [`Part`] of it.
///
/// There is an impl for each way, so one of several parts may be any type; and the answer is yes where more than one way
/// leads to a lock.
pub trait HoldsLock<Way> {}

/// The way of a type that is itself what changes.
pub struct Itself;

/// The way by the part number `Index` of a type, and on by `Way`.
pub struct Part<Index, Way>(PhantomData<(Index, Way)>);

/// A type of the standard library whose parts are all steady, or an annotated struct.
#[doc(hidden)]
pub trait Steady {}

/// A field's type, asked for its [`kind`](Field::kind).
pub struct Field<T: ?Sized, Way>(NoLock<T>, PhantomData<Way>);
/// The second question.
pub struct NoLock<T: ?Sized>(MayHoldCell<T>);
/// The third question.
pub struct MayHoldCell<T: ?Sized>(NotSteady<T>);
/// No question is left.
pub struct NotSteady<T: ?Sized>(PhantomData<T>);

/// The `way` of a type without a lock, so that it is not left open.
pub struct Nowhere;

/// What became of a type: `Answer` is [`Unchanging`], [`FoundLock`] or [`FoundCell`].
pub struct Kind<T: ?Sized, Answer>(PhantomData<(Answer, T)>);
/// Nothing in it changes through `&`.
pub struct Unchanging;
/// There is a lock in it.
pub struct FoundLock;
/// There is a cell in it.
pub struct FoundCell;

impl<T: ?Sized, Way> Field<T, Way> {
    /// The type of `field`.
    pub const fn of(_field: &T) -> Self {
        Self(NoLock(MayHoldCell(NotSteady(PhantomData))), PhantomData)
    }
}

impl<T: ?Sized + HoldsLock<Way>, Way> Field<T, Way> {
    /// It holds a lock.
    pub const fn kind(&self) -> Kind<T, FoundLock> {
        Kind(PhantomData)
    }
}

impl<T: ?Sized + RefUnwindSafe> NoLock<T> {
    /// It holds no cell.
    pub const fn kind(&self) -> Kind<T, Unchanging> {
        Kind(PhantomData)
    }
}

impl<T: ?Sized + Steady> MayHoldCell<T> {
    /// It holds no cell but those of annotated structs.
    pub const fn kind(&self) -> Kind<T, Unchanging> {
        Kind(PhantomData)
    }
}

impl<T: ?Sized> NotSteady<T> {
    /// It holds a cell.
    pub const fn kind(&self) -> Kind<T, FoundCell> {
        Kind(PhantomData)
    }
}

impl<T: ?Sized> Deref for Field<T, Nowhere> {
    type Target = NoLock<T>;
    fn deref(&self) -> &NoLock<T> {
        &self.0
    }
}
impl<T: ?Sized> Deref for NoLock<T> {
    type Target = MayHoldCell<T>;
    fn deref(&self) -> &MayHoldCell<T> {
        &self.0
    }
}
impl<T: ?Sized> Deref for MayHoldCell<T> {
    type Target = NotSteady<T>;
    fn deref(&self) -> &NotSteady<T> {
        &self.0
    }
}

/// Compiles only if the field's type does not change through `&`.
pub const fn steady<T: ?Sized + WithoutLock<Answer> + WithoutCell<Answer>, Answer>(
    _kind: Kind<T, Answer>,
) {
}

/// A type of which the answer is not that it holds a lock.
#[diagnostic::on_unimplemented(
    message = "this field can change through `&self` and leave stale results; its type `{Self}` holds a lock, an atomic or the like; take it away, or mark the field `#[memoize(untracked)]` if no memoized result depends on it",
    label = "can change through `&self`",
    note = "`#[memoize(unchecked)]` on the field allows it to memoized methods; whoever changes it calls `clear_instance`"
)]
pub trait WithoutLock<Answer> {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> WithoutLock<Unchanging> for T {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> WithoutLock<FoundCell> for T {}

/// A type of which the answer is not that it holds a cell.
#[diagnostic::on_unimplemented(
    message = "this field can change through `&self` and leave stale results; its type `{Self}` holds a cell, or a trait object that may hold one; take it away, or mark the field `#[memoize(untracked)]` if no memoized result depends on it",
    label = "can change through `&self`",
    note = "`#[memoize(unchecked)]` on the field allows it to memoized methods; whoever changes it calls `clear_instance`"
)]
pub trait WithoutCell<Answer> {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> WithoutCell<Unchanging> for T {}
#[diagnostic::do_not_recommend]
impl<T: ?Sized> WithoutCell<FoundLock> for T {}
