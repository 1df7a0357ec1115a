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
    table::{NoTable, Table},
    word::tag_of,
};
use crate::{
    reclaim::{Limbo, Place, advance},
    store::{Ticket, history::History},
};

/// What all tables of one store share. Allocated when first needed; freed with the store.
pub(super) struct Inner<E: Item, M> {
    pub(super) none: NoTable<E, Self>,
    pub(super) metrics: M,
    /// The ticket of [`Writer::history`], for those without the lock.
    forgotten: AtomicU64,
    writer: Mutex<Writer<E, Self>>,
}

impl<E: Item, M> Inner<E, M> {
    pub(super) fn new(metrics: M) -> Self {
        Self {
            none: NoTable::new(),
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

    /// What tables are to name as their owner: the pointer that the box was made into.
    pub(super) fn owner(&self) -> *const Self {
        self.none.owner()
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// Panics under the lock come only from a failing allocator, and leave nothing half done.
    pub(super) fn lock(&self) -> MutexGuard<'_, Writer<E, Self>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a key was forgotten.
    pub(super) fn note_removal(&self, writer: &mut Writer<E, Self>, hash: u64) {
        writer.history.forget(hash);
        self.forgotten.store(writer.history.ticket(), Release);
    }

    /// Notes that all keys were forgotten.
    pub(super) fn note_clearing(&self, writer: &mut Writer<E, Self>) {
        writer.history.forget_all();
        self.forgotten.store(writer.history.ticket(), Release);
    }
}

/// What the lock protects.
pub(super) struct Writer<E: Item, O> {
    pub(super) space: Space<E, O>,
    limbo: Limbo<Garbage<E, O>>,
    /// Replaced tables that wait for company: small ones are not worth a heavy barrier each. All of them, if readers are
    /// not protected: together they are smaller than the present one.
    stale: Vec<Replaced<E, O>>,
    stale_bytes: usize,
    pub(super) history: History,
}

/// What readers may still hold. Frees what it is when dropped.
#[allow(dead_code, reason = "held only to be dropped")]
enum Garbage<E: Item, O> {
    Table(Replaced<E, O>),
    Space(Space<E, O>),
}

/// What may be dropped as soon as the lock is released. Dropping it may run code of the user.
pub(super) struct Bin<E: Item, O> {
    entries: Vec<E>,
    garbage: Vec<Garbage<E, O>>,
}

impl<E: Item, O> Bin<E, O> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), garbage: Vec::new() }
    }
}

impl<E: Item, O> Writer<E, O> {
    /// Adds an entry whose key is not there. Gives it back if no more can be held, otherwise a pointer to where it is
    /// now. `publish` is given each new table, and lets readers see it.
    pub(super) fn add(
        &mut self,
        owner: *const O,
        hash: u64,
        entry: E,
        publish: impl FnOnce(Table<E, O>),
    ) -> Result<*mut E, E> {
        let Some(vacancy) = self.room(owner, hash, publish) else { return Err(entry) };
        self.space.put(&vacancy, tag_of(hash), entry)
    }

    /// Puts an entry in the place of one with an equal key, and retires that. Gives it back if no more can be held.
    pub(super) fn replace(
        &mut self,
        owner: *const O,
        position: u32,
        entry: E,
        publish: impl FnOnce(Table<E, O>),
    ) -> Result<(), E> {
        let position = if self.space.can_exchange() {
            position
        } else {
            self.rebuild(owner, position, publish).unwrap_or(position)
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

    /// Moves what no reader holds any more to the bin.
    pub(super) fn collect(&mut self, place: Place, bin: &mut Bin<E, O>) {
        self.space.collect(place, &mut bin.entries);
        if !self.limbo.is_empty() {
            bin.garbage.append(&mut self.limbo.take_ready(place));
        }
    }

    /// A vacancy for the key, in a new table if the present one is full.
    fn room(
        &mut self,
        owner: *const O,
        hash: u64,
        publish: impl FnOnce(Table<E, O>),
    ) -> Option<Vacancy> {
        let tag = tag_of(hash);
        if let Some(vacancy) = self.space.vacancy(tag) {
            if self.space.can_put(&vacancy) {
                return Some(vacancy);
            }
        }
        self.rebuild(owner, 0, publish)?;
        self.space.vacancy(tag)
    }

    /// Makes a table with room for at least one entry more; where in it the entry at `position` is.
    fn rebuild(
        &mut self,
        owner: *const O,
        position: u32,
        publish: impl FnOnce(Table<E, O>),
    ) -> Option<u32> {
        let (bigger, position) = self.space.bigger(owner, position)?;
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
