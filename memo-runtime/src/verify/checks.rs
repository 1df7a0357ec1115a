//! How is a hit verified, once it is found?

use std::thread;

use super::{
    run::Run,
    site::{Difference, Site},
};
use crate::{
    key::{Argument, KeyPart},
    place::Place,
    store::Store,
};

/// How a hit is verified: `V` is what is stored, `R` what the body returns, `K` the stored key.
pub struct Checks<V, R, K> {
    /// What the method is.
    pub site: &'static Site,
    /// Whether results differ, if they can be compared.
    pub differ: Option<fn(&V, &R) -> bool>,
    /// How a cached value is shown.
    pub cached: fn(&V) -> String,
    /// How a result is shown.
    pub now: fn(&R) -> String,
    /// How the parts of a key are shown.
    pub key: fn(&K) -> Vec<String>,
}

/// The checks of a method that is left out.
pub struct Unchecked;

/// Perhaps how a hit is verified.
pub trait MayCheck<V, R, K> {
    /// How, if results can be compared.
    fn checks(&self) -> Option<&Checks<V, R, K>>;
}
impl<V, R, K> MayCheck<V, R, K> for Checks<V, R, K> {
    fn checks(&self) -> Option<&Self> {
        self.differ.is_some().then_some(self)
    }
}
impl<V, R, K> MayCheck<V, R, K> for Unchecked {
    fn checks(&self) -> Option<&Checks<V, R, K>> {
        None
    }
}

impl<V, R, K> Checks<V, R, K> {
    /// What is wrong with a cached value, if it differs. Called within a [`Run`].
    fn compare<P: Place>(
        &self,
        place: &P,
        hash: u64,
        key: &K,
        value: &V,
        now: &R,
    ) -> Option<String> {
        if !self.differ.is_some_and(|differ| differ(value, now)) {
            return None;
        }
        let difference = Difference {
            site: self.site,
            parts: (self.key)(key),
            cached: (self.cached)(value),
            now: (self.now)(now),
            noted: place.notes(),
            hash,
        };
        Some(difference.message())
    }

    /// Splits the arguments for a body that is run to verify.
    pub(super) fn begin<P: KeyPart<Stored = K>, A: Argument<P>>(&self, args: A) -> (K, A::Rest) {
        let _run = Run::begin(self.site);
        args.split()
    }

    /// What is wrong, if the body returned something else than `value`.
    pub(super) fn end<P: Place>(
        &self,
        place: &P,
        hash: u64,
        key: K,
        value: &V,
        now: R,
    ) -> Option<String> {
        let _run = Run::begin(self.site);
        let difference = self.compare(place, hash, &key, value, &now);
        drop((key, now));
        difference
    }

    /// What is wrong, if the body returns something else than `value`.
    pub(super) fn verify<P, A, B>(
        &self,
        place: &P,
        hash: u64,
        args: A,
        value: &V,
        body: B,
    ) -> Option<String>
    where
        P: Place,
        A: Argument<<P::Store as Store>::Key>,
        P::Store: Store<Key: KeyPart<Stored = K>>,
        B: FnOnce(A::Rest) -> R,
    {
        // One run, so that what is computed beside is there all the time.
        let _run = Run::begin(self.site);
        let (key, rest) = args.split();
        let now = place.aside(|_, _| body(rest));
        self.end(place, hash, key, value, now)
    }
}

/// Panics with the message, unless the thread does already. In a call that is not `async`, the panic is shown at the method.
#[track_caller]
pub(super) fn report(difference: Option<String>) {
    match difference {
        Some(message) if thread::panicking() => eprintln!("{message}"),
        Some(message) => panic!("{message}"),
        None => {}
    }
}
