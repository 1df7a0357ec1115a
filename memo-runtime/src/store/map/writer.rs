//! What do writers share behind the lock, and what of it may be freed?
//!
//! # Invariants
//!
//! - The space owns its table and the entries in it; the limbo list what was retired; the list of stale tables those.
//! - Nothing here runs code of the user, except by dropping garbage, a space, or a whole [`Writer`].

use std::{
    mem,
    sync::atomic::Ordering::{Acquire, Release},
};

use super::{
    item::Item,
    space::Space,
    table::{Header, Owned, Unlinked, Vacancy},
};
use crate::{
    reclaim::Limbo,
    store::{
        LOOKED_AT, Ticket,
        history::History,
        mode::{Lock, Mode},
    },
    sync::AtomicU64,
};

/// What writers share, and what counts. Allocated when first needed; freed with the store.
pub(super) struct Inner<E: Item, M, S: Mode> {
    pub(super) metrics: M,
    /// The ticket of [`Writer::history`], for those without the lock.
    forgotten: AtomicU64,
    writer: S::Lock<Writer<E>>,
}

impl<E: Item, M, S: Mode> Inner<E, M, S> {
    pub(super) fn new(metrics: M) -> Self {
        Self {
            metrics,
            forgotten: AtomicU64::new(0),
            writer: S::Lock::new(Writer {
                space: Space::new(),
                limbo: Limbo::new(),
                stale: Vec::new(),
                stale_bytes: 0,
                history: History::new(0),
            }),
        }
    }

    #[inline]
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(self.forgotten.load(Acquire))
    }

    /// Panics under the lock come only from a failing allocator, and leave nothing half done.
    #[inline]
    pub(super) fn lock(&self) -> <S::Lock<Writer<E>> as Lock<Writer<E>>>::Guard<'_> {
        self.writer.lock()
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
    pub(super) limbo: Limbo<Garbage<E>>,
    /// Replaced tables that wait for company: small ones are not worth a heavy barrier each. All of them, if readers are
    /// not protected because nothing is forgotten: together they are smaller than the present one.
    stale: Vec<Owned<E>>,
    stale_bytes: usize,
    pub(super) history: History,
}

/// What readers may still hold. Frees what it is when dropped.
#[allow(dead_code, reason = "held only to be dropped")]
pub enum Garbage<E: Item> {
    Entry(Unlinked<E>),
    Table(Owned<E>),
    Space(Space<E>),
}

impl<E: Item> Writer<E> {
    /// Adds an entry whose key is not there, in a new table if there is no room. Gives it back if no more can be held,
    /// otherwise where it is now. `rehash` gives the hash of entries that lie in the table; `publish` is given
    /// each new table, and lets readers see it.
    #[inline]
    pub(super) fn add(
        &mut self,
        vacancy: Option<Vacancy>,
        hash: u64,
        entry: E,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(*mut Header<E>),
    ) -> Result<u32, E> {
        // What is seldom done is not given the entry: it would have to be in memory for that, also when it is not done.
        let vacancy = match vacancy {
            Some(vacancy) if self.space.can_put(vacancy) => vacancy,
            _ => match self.make_room(hash, rehash, publish) {
                Some(vacancy) => vacancy,
                None => return Err(entry),
            },
        };
        Ok(self.space.put(vacancy, hash, entry))
    }

    #[cold]
    #[inline(never)]
    fn make_room(
        &mut self,
        hash: u64,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(*mut Header<E>),
    ) -> Option<Vacancy> {
        if self.rebuild(rehash, publish) { self.space.vacancy(hash) } else { None }
    }

    /// Puts an entry in the place of one with an equal key, which `same` accepts, and retires that. Gives it back if no more
    /// can be held.
    pub(super) fn replace(
        &mut self,
        position: u32,
        hash: u64,
        entry: E,
        same: impl Fn(&E, &E) -> bool,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(*mut Header<E>),
    ) -> Result<(), E> {
        if !E::inline() {
            if let Some(old) = self.space.exchange(position, hash, entry) {
                self.limbo.add(Garbage::Entry(old));
            }
            return Ok(());
        }
        let room = |space: &Space<E>| space.vacancy(hash).filter(|it| space.can_put(*it));
        let (position, vacancy) = match room(&self.space) {
            Some(vacancy) => (position, Some(vacancy)),
            None if self.rebuild(rehash, publish) => {
                match self.space.seek(hash, |other| same(&entry, other)) {
                    Ok(position) => (position, room(&self.space)),
                    Err(_) => return Err(entry),
                }
            }
            None => return Err(entry),
        };
        let Some(vacancy) = vacancy else { return Err(entry) };
        // In this order, so that readers find one or the other.
        self.space.put(vacancy, hash, entry);
        self.take_out(position);
        Ok(())
    }

    /// Takes an entry out.
    pub(super) fn take_out(&mut self, position: u32) {
        if let Some(old) = self.space.take_out(position) {
            self.limbo.add(Garbage::Entry(old));
        }
    }

    /// Makes room for an entry if there are `limit`; whether one had to go.
    pub(super) fn evict(&mut self, limit: usize) -> bool {
        let full = self.space.len() >= limit;
        if full {
            if let Some(position) = self.space.victim() {
                self.take_out(position);
            }
        }
        full
    }

    /// Looks at some entries, and takes out those that are over. Gives memory back when few are left. Nothing that leads into the
    /// table may be followed after that.
    pub(super) fn sweep(
        &mut self,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(*mut Header<E>),
    ) {
        for _ in 0..LOOKED_AT {
            match self.space.next_in_round() {
                Some((position, true)) => self.take_out(position),
                Some(_) => {}
                None => break,
            }
        }
        if self.space.is_sparse() {
            self.rebuild(rehash, publish);
        }
    }

    /// Takes all entries out; `publish` lets readers see that.
    pub(super) fn take_out_all(&mut self, publish: impl FnOnce()) {
        publish();
        let space = mem::replace(&mut self.space, Space::new());
        if space.is_warm() {
            self.retire_stale();
            self.limbo.add(Garbage::Space(space));
        }
    }

    /// Makes a table with room for at least one entry more, and not for many; whether there can be one.
    fn rebuild(
        &mut self,
        rehash: impl Fn(&E) -> u64,
        publish: impl FnOnce(*mut Header<E>),
    ) -> bool {
        let Some(bigger) = self.space.bigger(rehash) else { return false };
        publish(bigger.as_raw());
        let replaced = self.space.adopt(bigger);
        self.retire_table(replaced);
        true
    }

    fn retire_table(&mut self, replaced: Option<Owned<E>>) {
        let Some(replaced) = replaced else { return };
        if E::inline() && !E::is_pinned() {
            // Nobody reads beside the writer.
            return drop(replaced);
        }
        self.stale_bytes += replaced.bytes();
        self.stale.push(replaced);
        if E::is_pinned() && self.stale_bytes >= MANY_BYTES {
            self.retire_stale();
        }
    }

    fn retire_stale(&mut self) {
        self.stale_bytes = 0;
        for table in mem::take(&mut self.stale) {
            self.limbo.add(Garbage::Table(table));
        }
    }
}

/// From how many bytes on replaced tables are retired.
const MANY_BYTES: usize = 4096;
