//! Which results are kept, and in what form?

use std::convert::Infallible;

/// Which results are kept, and in what form.
pub trait Outcome<R> {
    /// What is stored.
    type Value;
    /// What is left of a result that is not kept.
    type Rejected;
    /// The value to store, or the result that is not kept.
    #[allow(clippy::missing_errors_doc, reason = "`Err` is not an error here")]
    fn split(self, result: R) -> Result<Self::Value, Self::Rejected>;
    /// The result of the call.
    fn join(outcome: Result<Self::Value, Self::Rejected>) -> R;
}

/// How a call of `returns = "ref"` returns.
pub trait RefOutcome<R>: Outcome<R> {
    /// What the call returns.
    type Reference<'a>
    where
        Self::Value: 'a;
    /// The result of the call.
    fn join_ref<'a>(outcome: Result<&'a Self::Value, Self::Rejected>) -> Self::Reference<'a>
    where
        Self::Value: 'a;
}

/// Every result is kept.
pub struct Always;
/// `Ok(T)` is kept as `T`, `Err` is not.
pub struct OnlyOk;
/// A result is kept if the predicate holds.
pub struct OnlyIf<F>(pub(crate) F);
/// `Ok(T)` is kept as `T` if the predicate holds for the result.
pub struct OnlyOkIf<F>(pub(crate) F);

impl<R> Outcome<R> for Always {
    type Value = R;
    type Rejected = Infallible;
    #[inline]
    fn split(self, result: R) -> Result<R, Infallible> {
        Ok(result)
    }
    #[inline]
    fn join(outcome: Result<R, Infallible>) -> R {
        match outcome {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }
}
impl<R> RefOutcome<R> for Always {
    type Reference<'a>
        = &'a R
    where
        R: 'a;
    #[inline]
    fn join_ref<'a>(outcome: Result<&'a R, Infallible>) -> &'a R
    where
        R: 'a,
    {
        match outcome {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }
}

impl<T, E> Outcome<Result<T, E>> for OnlyOk {
    type Value = T;
    type Rejected = E;
    #[inline]
    fn split(self, result: Result<T, E>) -> Result<T, E> {
        result
    }
    #[inline]
    fn join(outcome: Result<T, E>) -> Result<T, E> {
        outcome
    }
}
impl<T, E> RefOutcome<Result<T, E>> for OnlyOk {
    type Reference<'a>
        = Result<&'a T, E>
    where
        T: 'a;
    #[inline]
    fn join_ref<'a>(outcome: Result<&'a T, E>) -> Result<&'a T, E>
    where
        T: 'a,
    {
        outcome
    }
}

impl<R, F: FnOnce(&R) -> bool> Outcome<R> for OnlyIf<F> {
    type Value = R;
    type Rejected = R;
    #[inline]
    fn split(self, result: R) -> Result<R, R> {
        if (self.0)(&result) { Ok(result) } else { Err(result) }
    }
    #[inline]
    fn join(outcome: Result<R, R>) -> R {
        match outcome {
            Ok(result) | Err(result) => result,
        }
    }
}

impl<T, E, F: FnOnce(&Result<T, E>) -> bool> Outcome<Result<T, E>> for OnlyOkIf<F> {
    type Value = T;
    type Rejected = Result<T, E>;
    #[inline]
    fn split(self, result: Result<T, E>) -> Result<T, Result<T, E>> {
        if (self.0)(&result) { result.map_err(Err) } else { Err(result) }
    }
    #[inline]
    fn join(outcome: Result<T, Result<T, E>>) -> Result<T, E> {
        outcome.map_or_else(|rejected| rejected, Ok)
    }
}
