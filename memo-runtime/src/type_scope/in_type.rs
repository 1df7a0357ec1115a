//! Where does a type keep its caches in a build whose hits are verified?

use crate::{
    place::{ClonePlace, Place},
    running::beside,
    store::{CloneStore, Store},
    term::Unlimited,
};

/// A store of a type, in a build whose hits are verified: it knows that the store lives as long as the process.
#[derive(Debug)]
pub struct InType<S: 'static>(pub &'static S);

impl<S: Store + Default> Place for InType<S> {
    type Store = S;
    type Open<'p> = &'static S;
    type Lifespan<'p> = Unlimited<S::Term>;
    fn lifespan(&self) -> Self::Lifespan<'_> {
        Unlimited::NEW
    }
    fn direct(&self) -> Option<&S> {
        Some(self.0)
    }
    fn open(&self) -> &'static S {
        self.0
    }
    fn aside<R>(&self, operation: impl FnOnce(&S, Option<&S>) -> R) -> R {
        operation(self.0, beside(self.0).as_deref())
    }
}
impl<S: CloneStore + Default> ClonePlace for InType<S> {}
