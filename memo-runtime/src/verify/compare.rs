//! Can two results be compared, and can a value be shown?
//!
//! Asked by type: what is said of the outer type comes before what is said of the one that it dereferences to, and only where
//! the bounds are known to hold. So nothing is asked of the user's types.

#![expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "a method is looked up by its receiver, whose type is all that is asked; the answer may be none"
)]

use std::{fmt::Debug, marker::PhantomData, ops::Deref};

/// Whether a stored value differs from the result of now.
pub type Differ<V, R> = fn(&V, &R) -> bool;

/// How a cached `V` is compared with a result `R`, which is a `V` or, if only `Ok` is kept, a `Result` of one.
pub struct Compared<V, R>(Fallible<V, R>);
/// The same, if values cannot be compared but `Ok` can be told from `Err`.
pub struct Fallible<V, R>(Plain<V, R>);
/// The same, if the result is no `Result`.
pub struct Plain<V, R>(Opaque<V, R>);
/// The same, if nothing can be compared.
pub struct Opaque<V, R>(PhantomData<fn(V, R)>);

impl<V, R> Compared<V, R> {
    /// Asks for `V` and `R`.
    pub const NEW: Self = Self(Fallible(Plain(Opaque(PhantomData))));
}

/// Whether they differ. What does not equal itself, such as NaN, differs only from what does.
fn differ<V: PartialEq>(cached: &V, now: &V) -> bool {
    #[allow(clippy::eq_op, reason = "that is the question")]
    let is_equal_to_itself = |value: &V| value == value;
    cached != now && (is_equal_to_itself(cached) || is_equal_to_itself(now))
}

impl<T: PartialEq, E> Compared<T, Result<T, E>> {
    /// How they are compared.
    pub const fn differ(&self) -> Option<Differ<T, Result<T, E>>> {
        Some(|cached, now| now.as_ref().map_or(true, |now| differ(cached, now)))
    }
}
impl<T: PartialEq, E> Compared<Result<T, E>, Result<T, E>> {
    /// How they are compared: what is cached is `Ok`.
    pub const fn differ(&self) -> Option<Differ<Result<T, E>, Result<T, E>>> {
        Some(|cached, now| match (cached, now) {
            (Ok(cached), Ok(now)) => differ(cached, now),
            (Ok(_), Err(_)) => true,
            (Err(_), _) => false,
        })
    }
}
impl<T, E> Fallible<T, Result<T, E>> {
    /// How they are compared.
    pub const fn differ(&self) -> Option<Differ<T, Result<T, E>>> {
        Some(|_, now| now.is_err())
    }
}
impl<T, E> Fallible<Result<T, E>, Result<T, E>> {
    /// How they are compared.
    pub const fn differ(&self) -> Option<Differ<Result<T, E>, Result<T, E>>> {
        Some(|cached, now| cached.is_ok() && now.is_err())
    }
}
impl<T: PartialEq> Plain<T, T> {
    /// How they are compared.
    pub const fn differ(&self) -> Option<Differ<T, T>> {
        Some(differ::<T>)
    }
}
impl<V, R> Opaque<V, R> {
    /// Not at all.
    pub const fn differ(&self) -> Option<Differ<V, R>> {
        None
    }
}

impl<V, R> Deref for Compared<V, R> {
    type Target = Fallible<V, R>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
impl<V, R> Deref for Fallible<V, R> {
    type Target = Plain<V, R>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
impl<V, R> Deref for Plain<V, R> {
    type Target = Opaque<V, R>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// How a value is shown: in full if it is `Debug`.
pub struct Shown<T>(Partly<T>);
/// The same, if it is not.
pub struct Partly<T>(Hidden<T>);
/// The same, if nothing of it is.
pub struct Hidden<T>(PhantomData<fn(T)>);

impl<T> Shown<T> {
    /// Asks for `T`.
    pub const NEW: Self = Self(Partly(Hidden(PhantomData)));
}

impl<T: Debug> Shown<T> {
    /// How it is shown.
    pub const fn text(&self) -> fn(&T) -> String {
        |value| format!("{value:?}")
    }
}
impl<T: Debug, E> Partly<Result<T, E>> {
    /// How it is shown.
    pub const fn text(&self) -> fn(&Result<T, E>) -> String {
        |result| match result {
            Ok(value) => format!("Ok({value:?})"),
            Err(_) => "Err(_)".to_owned(),
        }
    }
}
impl<T> Hidden<T> {
    /// How it is shown.
    pub const fn text(&self) -> fn(&T) -> String {
        |_| "_".to_owned()
    }
}

impl<T> Deref for Shown<T> {
    type Target = Partly<T>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
impl<T> Deref for Partly<T> {
    type Target = Hidden<T>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Blank;

    macro_rules! differ {
        ($value:ty, $result:ty, $cached:expr, $now:expr) => {
            Compared::<$value, $result>::NEW.differ().map(|differ| differ(&$cached, &$now))
        };
    }

    #[test]
    fn values_are_compared_where_they_can_be() {
        assert_eq!(differ!(u8, u8, 1, 2), Some(true));
        assert_eq!(differ!(u8, u8, 1, 1), Some(false));
        assert_eq!(differ!(Blank, Blank, Blank, Blank), None);
        assert_eq!(differ!(f64, f64, 0.0, -0.0), Some(false));
        assert_eq!(differ!(f64, f64, f64::NAN, f64::NAN), Some(false));
        assert_eq!(
            differ!(Vec<f64>, Vec<f64>, vec![f64::NAN, 1.0], vec![f64::NAN, 2.0]),
            Some(false)
        );
        assert_eq!(differ!(f64, f64, 1.0, f64::NAN), Some(true));
    }

    #[test]
    fn of_results_ok_is_compared() {
        type Fails = Result<u8, Blank>;
        type Blanks = Result<Blank, u8>;
        assert_eq!(differ!(u8, Fails, 1, Ok(1)), Some(false));
        assert_eq!(differ!(u8, Fails, 1, Ok(2)), Some(true));
        assert_eq!(differ!(u8, Fails, 1, Err(Blank)), Some(true));
        assert_eq!(differ!(Fails, Fails, Ok(1), Ok(2)), Some(true));
        assert_eq!(differ!(Fails, Fails, Ok(1), Err(Blank)), Some(true));
        assert_eq!(differ!(Blank, Blanks, Blank, Ok(Blank)), Some(false));
        assert_eq!(differ!(Blank, Blanks, Blank, Err(1)), Some(true));
        assert_eq!(differ!(Blanks, Blanks, Ok(Blank), Err(1)), Some(true));
    }

    #[test]
    fn values_are_shown_where_they_can_be() {
        assert_eq!(Shown::<u8>::NEW.text()(&1), "1");
        assert_eq!(Shown::<Blank>::NEW.text()(&Blank), "_");
        assert_eq!(Shown::<Result<u8, Blank>>::NEW.text()(&Ok(1)), "Ok(1)");
        assert_eq!(Shown::<Result<u8, Blank>>::NEW.text()(&Err(Blank)), "Err(_)");
    }
}
