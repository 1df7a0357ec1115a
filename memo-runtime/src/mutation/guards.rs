//! Which fields are changing?

use std::{
    mem,
    sync::{
        Arc,
        atomic::{
            AtomicBool,
            Ordering::{Acquire, Relaxed},
            fence,
        },
    },
};

use crate::fields::Fields;

/// Counts the guards of an instance that are alive, apart for each set of fields: every guard has a share, and the
/// instance has one.
#[derive(Debug)]
pub(crate) struct Guards(pub(crate) Arc<Share>);

/// Aligned, so that the lowest bit of the address is free for a mark.
#[derive(Debug)]
#[repr(align(2))]
pub(crate) struct Share {
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
            return Some(self.guard());
        }
        self.0.others.as_ref()?.share(changed)
    }

    /// A guard of the first count.
    pub(super) fn guard(&self) -> MutationGuard {
        MutationGuard(Arc::clone(&self.0))
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

    /// Ends without giving up the share in the others, which belongs to somebody else.
    pub(crate) fn disown(self) {
        if let Some(others) = Arc::into_inner(self.0).and_then(|share| share.others) {
            mem::forget(others);
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
