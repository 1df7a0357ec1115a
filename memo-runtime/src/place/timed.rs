//! What does `ttl` add to a place? How long what is stored there is good.

use std::{mem::ManuallyDrop, time::Duration};

use super::{ClonePlace, Place, Value};
use crate::{
    store::{CloneStore, Store},
    term::{Deadline, Limited},
};

/// A place whose values are good for as long as a function says.
pub struct Timed<P, F> {
    place: P,
    /// Has nothing to drop, as all of a place: see [`MethodCache`](crate::MethodCache).
    lifespan: ManuallyDrop<F>,
}

impl<P, F> Timed<P, F> {
    #[inline]
    pub(crate) const fn new(place: P, lifespan: F) -> Self {
        Self { place, lifespan: ManuallyDrop::new(lifespan) }
    }
}

impl<P, F> Place for Timed<P, F>
where
    P: Place<Store: Store<Term = Deadline>>,
    F: Fn(&Value<P>) -> Duration,
{
    type Store = P::Store;
    type Open<'p>
        = P::Open<'p>
    where
        Self: 'p;
    type Lifespan<'p>
        = Limited<'p, F>
    where
        Self: 'p;
    #[inline]
    fn lifespan(&self) -> Limited<'_, F> {
        Limited(&self.lifespan)
    }
    #[inline]
    fn direct(&self) -> Option<&P::Store> {
        self.place.direct()
    }
    #[inline]
    fn open(&self) -> P::Open<'_> {
        self.place.open()
    }
    #[cfg(feature = "verify")]
    fn aside<R>(&self, operation: impl FnOnce(&P::Store, Option<&P::Store>) -> R) -> R {
        self.place.aside(operation)
    }
    #[cfg(feature = "verify")]
    fn notes(&self) -> Option<crate::instance::notes::Noted<'_>> {
        self.place.notes()
    }
}

impl<P, F> ClonePlace for Timed<P, F>
where
    P: ClonePlace<Store: CloneStore<Term = Deadline>>,
    F: Fn(&Value<P>) -> Duration,
{
}
