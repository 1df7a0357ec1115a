//! Which fields make a memoized call look closer?

use std::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Relaxed},
};

use crate::fields::Fields;

/// The fields that ask for attention: a memoized call that reads one of them has to look closer. They may be changing, or
/// no cache holds anything that depends on them. Read by every memoized call.
#[derive(Debug)]
pub(crate) struct Attention {
    asked: AtomicU64,
    /// Fields whose stores may have counts although nothing in them depends on those fields: see [`super::ScratchGuard`].
    counted: AtomicU64,
}

impl Default for Attention {
    fn default() -> Self {
        Self { asked: AtomicU64::new(Fields::ALL.0), counted: AtomicU64::new(Fields::NONE.0) }
    }
}

impl Attention {
    #[inline]
    pub(crate) fn is_asked(&self, reads: Fields) -> bool {
        Fields(self.asked.load(Relaxed)).overlap(reads)
    }

    /// Whether no cache holds anything that depends on these fields, not even counts.
    #[inline]
    pub(crate) fn covers(&mut self, changed: Fields) -> bool {
        Fields(*self.asked.get_mut()).contain(changed)
            && !Fields(*self.counted.get_mut()).overlap(changed)
    }

    /// Everything that depends on these fields is forgotten.
    pub(crate) fn forgotten(&mut self, changed: Fields) {
        *self.asked.get_mut() |= changed.0;
        *self.counted.get_mut() &= !changed.0;
    }

    /// These fields are changing.
    pub(super) fn ask(&self, changed: Fields) {
        self.asked.fetch_or(changed.0, AcqRel);
    }

    /// Calls that read these fields were counted.
    pub(super) fn count(&self, reads: Fields) {
        // Only `&mut` takes it back.
        if !Fields(self.counted.load(Relaxed)).contain(reads) {
            self.counted.fetch_or(reads.0, AcqRel);
        }
    }

    /// There may be something in the caches that depends on these fields, which are not changing.
    pub(super) fn answer(&self, reads: Fields) {
        self.asked.fetch_and(!reads.0, AcqRel);
    }

    /// Just these of all fields that are read are changing. The caller has locked the state, so that no field begins to
    /// change meanwhile, and nothing has to be written if that is known already.
    pub(super) fn settle(&self, reads: Fields, changing: Fields) {
        let asked = Fields(self.asked.load(Relaxed));
        if asked.overlap(reads.without(changing)) {
            self.answer(reads.without(changing));
        }
        if !asked.contain(changing) {
            self.ask(changing);
        }
    }
}
