//! What do writers share behind the lock, and what of it may be freed?
//!
//! # Invariants
//!
//! - Retired tables and spaces are owned by the limbo list, replaced tables by the list of stale ones.
//! - Nothing here runs code of the user, except by dropping a [`Bin`] or a whole [`Writer`].

use std::{
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicU64,
            Ordering::{Acquire, Release},
        },
    },
};

use super::{
    item::Item,
    probe::Vacancy,
    space::{Replaced, Space},
    table::Table,
    word::tag_of,
};
use crate::{
    reclaim::{Limbo, Place, advance},
    store::{Ticket, history::History},
};

/// What writers share, and what counts. Allocated when first needed; freed with the store.
pub(super) struct Inner<E: Item, M> {
    pub(super) metrics: M,
    /// The ticket of [`Writer::history`], for those without the lock.
    forgotten: AtomicU64,
    writer: Mutex<Writer<E>>,
}

impl<E: Item, M> Inner<E, M> {
    pub(super) fn new(metrics: M) -> Self {
        Self {
            metrics,
            forgotten: AtomicU64::new(0),
            writer: Mutex::new(Writer {
                space: Space::new(),
                limbo: Limbo::new(),
                stale: Vec::new(),
                stale_bytes: 0,
                history: History::new(0),
            }),
        }
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// Panics under the lock come only from a failing allocator, and leave nothing half done.
    pub(super) fn lock(&self) -> MutexGuard<'_, Writer<E>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a key was forgotten.
    pub(super) fn note_removal(&self, writer: &mut Writer<E>, hash: u64) {
        writer.history.forget(hash);
        self.forgotten.store(writer.history.ticket(), Release);
    }

    /// Notes that all keys were forgotten.
    pub(super) fn note_clearing(&self, writer: &mut Writer<E>) {
        writer.history.forget_all();
        self.forgotten.store(writer.history.ticket(), Release);
    }
}

/// What the lock protects.
pub(super) struct Writer<E: Item> {
    pub(super) space: Space<E>,
    limbo: Limbo<Garbage<E>>,
    /// Replaced tables that wait for company: small ones are not worth a heavy barrier each. All of them, if readers are
    /// not protected: together they are smaller than the present one.
    stale: Vec<Replaced<E>>,
    stale_bytes: usize,
    pub(super) history: History,
}

/// What readers may still hold. Frees what it is when dropped.
#[allow(dead_code, reason = "held only to be dropped")]
enum Garbage<E: Item> {
    Table(Replaced<E>),
    Space(Space<E>),
}

/// What may be dropped as soon as the lock is released. Dropping it may run code of the user.
#[must_use]
#[allow(dead_code, reason = "held only to be dropped")]
pub(super) struct Bin<E: Item> {
    entries: Vec<E>,
    garbage: Vec<Garbage<E>>,
}

impl<E: Item> Writer<E> {
    /// Adds an entry whose key is not there, in a new table if there is no room. Gives it back if no more can be held,
    /// otherwise a pointer to where it is now. `publish` is given each new table, and lets readers see it.
    pub(super) fn add(
        &mut self,
        vacancy: Option<Vacancy>,
        hash: u64,
        entry: E,
        publish: impl FnOnce(Table<E>),
    ) -> Result<*mut E, E> {
        let tag = tag_of(hash);
        match vacancy.filter(|vacancy| self.space.can_put(vacancy)) {
            Some(vacancy) => self.space.put(&vacancy, tag, entry),
            None => match self.rebuild(0, publish).and_then(|_| self.space.vacancy(tag)) {
                Some(vacancy) => self.space.put(&vacancy, tag, entry),
                None => Err(entry),
            },
        }
    }

    /// Puts an entry in the place of one with an equal key, and retires that. Gives it back if no more can be held.
    pub(super) fn replace(
        &mut self,
        position: u32,
        entry: E,
        publish: impl FnOnce(Table<E>),
    ) -> Result<(), E> {
        let position = if self.space.can_exchange() {
            position
        } else {
            self.rebuild(position, publish).unwrap_or(position)
        };
        self.space.exchange(position, entry)
    }

    /// Takes all entries out; `publish` lets readers see that.
    pub(super) fn take_out_all(&mut self, publish: impl FnOnce()) {
        publish();
        let space = mem::replace(&mut self.space, Space::new());
        if space.is_warm() {
            let tag = advance();
            self.retire_stale(tag);
            self.limbo.add(tag, Garbage::Space(space));
        }
    }

    /// What no reader holds any more.
    #[inline]
    pub(super) fn collect(&mut self, place: Place) -> Option<Bin<E>> {
        if self.space.has_retired() || !self.limbo.is_empty() {
            Some(self.collect_some(place))
        } else {
            None
        }
    }

    #[cold]
    fn collect_some(&mut self, place: Place) -> Bin<E> {
        Bin { entries: self.space.collect(place), garbage: self.limbo.take_ready(place) }
    }

    /// Makes a table with room for at least one entry more; where in it the entry at `position` is.
    #[cold]
    fn rebuild(&mut self, position: u32, publish: impl FnOnce(Table<E>)) -> Option<u32> {
        let (bigger, position) = self.space.bigger(position)?;
        publish(bigger);
        if let Some(replaced) = self.space.adopt(bigger) {
            self.stale_bytes += replaced.bytes();
            self.stale.push(replaced);
        }
        if E::PROTECTED && self.stale_bytes >= MANY_BYTES {
            self.retire_stale(advance());
        }
        Some(position)
    }

    /// Retires the replaced tables; all of them were unlinked before the tag was taken.
    fn retire_stale(&mut self, tag: u64) {
        self.stale_bytes = 0;
        for table in mem::take(&mut self.stale) {
            self.limbo.add(tag, Garbage::Table(table));
        }
    }
}

/// From how many bytes on replaced tables are retired.
const MANY_BYTES: usize = 4096;
