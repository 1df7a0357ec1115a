//! How do entries come into a map, and leave it?

use std::{
    ops::ControlFlow::{Break, Continue},
    ptr,
};

use super::{
    super::{
        item::{Entry, Item, Policy},
        table::Vacancy,
        writer::Writer,
    },
    Core, Fate, Shared,
};
use crate::{
    info::Metrics,
    key::KeyPart,
    store::{Same, Ticket, mode::Mode},
    term::Term,
};

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Core<K, V, M, P, S> {
    /// Adds an entry unless its key is there, or was forgotten since `ticket`. `present` may be any code. One that is over
    /// gives its place.
    #[inline]
    pub(in crate::store::map) fn keep<R>(
        &self,
        ticket: Option<Ticket>,
        hash: u64,
        key: K::Stored,
        (value, term): (V, P::Term),
        same: impl Same<K::Stored>,
        present: impl Fn(&V) -> R,
    ) -> Fate<V, R> {
        let inner = self.inner_or_new();
        if !Entry::<K, V, P, S>::inline() {
            let entry = Entry::new(key, value, term);
            return self.keep_apart(inner, ticket, hash, entry, same, present);
        }
        let mut writer = inner.lock();
        match writer.space.seek(hash, |entry| same.same(&entry.key, &key)) {
            Ok(position) => {
                // Such an entry is plain data, with which no code of the user is run.
                let found = writer.space.entry_at(position);
                if !found.is_over() {
                    return Fate::Present(present(&found.value));
                }
                let entry = Entry::new(key, value, term);
                match self.renew(&mut writer, ticket, position, hash, entry, same) {
                    Ok(()) => self.finish(writer, Fate::Renewed),
                    Err(_) => Fate::Declined,
                }
            }
            Err(vacancy) => {
                let entry = Entry::new(key, value, term);
                match self.add(inner, &mut writer, ticket, vacancy, hash, entry, same) {
                    Ok(value) => self.finish(writer, Fate::Stored(value)),
                    Err(_) => Fate::Declined,
                }
            }
        }
    }

    /// [`Core::keep`] for an entry that lies apart.
    #[inline(never)]
    fn keep_apart<R>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        ticket: Option<Ticket>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
        present: impl Fn(&V) -> R,
    ) -> Fate<V, R> {
        let (fate, _refused) = self.settle(
            inner,
            hash,
            entry,
            |entry, other| {
                if !same.same(&other.key, &entry.key) {
                    Continue(false)
                } else if other.is_over() {
                    Continue(true)
                } else {
                    Break((Fate::Present(present(&other.value)), None))
                }
            },
            |entry, writer, site| {
                let vacancy = match site {
                    Ok(position) => {
                        return match self.renew(writer, ticket, position, hash, entry, same) {
                            Ok(()) => (Fate::Renewed, None),
                            Err(entry) => (Fate::Declined, Some(entry)),
                        };
                    }
                    Err(vacancy) => vacancy,
                };
                match self.add(inner, writer, ticket, vacancy, hash, entry, same) {
                    Ok(value) => (Fate::Stored(value), None),
                    Err(entry) => (Fate::Declined, Some(entry)),
                }
            },
        );
        fate
    }

    /// Adds an entry whose key is not there, unless it was forgotten since `ticket`; a pointer to its value. With the lock.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "each call site names them")]
    fn add(
        &self,
        inner: &Shared<K, V, M, P, S>,
        writer: &mut Writer<Entry<K, V, P, S>>,
        ticket: Option<Ticket>,
        vacancy: Option<Vacancy>,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<*const V, Entry<K, V, P, S>> {
        if ticket.is_some_and(|Ticket(ticket)| !writer.history.allows(ticket, hash)) {
            return Err(entry);
        }
        if P::VISITS && writer.evict(P::LIMIT) {
            inner.metrics.evict(1);
        }
        let rehash = |entry: &Entry<_, _, _, _>| same.hash(&entry.key);
        let position = writer.add(vacancy, hash, entry, rehash, self.publish())?;
        let value =
            if P::LENDS { &raw const writer.space.entry_at(position).value } else { ptr::null() };
        self.sweep(writer, same);
        Ok(value)
    }

    /// Takes out some of the entries that are over. With the lock.
    #[inline]
    fn sweep(&self, writer: &mut Writer<Entry<K, V, P, S>>, same: impl Same<K::Stored>) {
        if P::Term::EXPIRES {
            writer.sweep(|entry| same.hash(&entry.key), self.publish());
        }
    }

    /// Puts an entry in the place of one with an equal key that is over, unless it was forgotten since `ticket`. With the lock.
    #[cold]
    fn renew(
        &self,
        writer: &mut Writer<Entry<K, V, P, S>>,
        ticket: Option<Ticket>,
        position: u32,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<(), Entry<K, V, P, S>> {
        if ticket.is_some_and(|Ticket(ticket)| !writer.history.allows(ticket, hash)) {
            return Err(entry);
        }
        self.replace(writer, position, hash, entry, same)
    }

    /// Puts an entry in the place of one with an equal key. Gives it back if no more can be held. With the lock.
    fn replace(
        &self,
        writer: &mut Writer<Entry<K, V, P, S>>,
        position: u32,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) -> Result<(), Entry<K, V, P, S>> {
        let is =
            |new: &Entry<_, _, _, _>, other: &Entry<K, V, P, S>| same.same(&other.key, &new.key);
        let rehash = |entry: &Entry<_, _, _, _>| same.hash(&entry.key);
        writer.replace(position, hash, entry, is, rehash, self.publish())?;
        self.sweep(writer, same);
        Ok(())
    }

    /// Adds an entry, or replaces the one whose key is the same.
    pub(in crate::store::map) fn insert(
        &self,
        hash: u64,
        entry: Entry<K, V, P, S>,
        same: impl Same<K::Stored>,
    ) {
        let inner = self.inner_or_new();
        let refused = self.settle(
            inner,
            hash,
            entry,
            |entry, other| Continue(same.same(&other.key, &entry.key)),
            |entry, writer, site| match site {
                Ok(position) => self.replace(writer, position, hash, entry, same).err(),
                Err(vacancy) => self.add(inner, writer, None, vacancy, hash, entry, same).err(),
            },
        );
        drop(refused);
    }

    /// Forgets an entry, also for computations under way; whether it was there, and good.
    pub(in crate::store::map) fn remove(
        &self,
        hash: u64,
        mut same: impl FnMut(&K::Stored) -> bool,
    ) -> bool {
        let inner = self.inner_or_new();
        self.settle(
            inner,
            hash,
            (),
            |(), other| Continue(same(&other.key)),
            |(), writer, site| {
                inner.note_removal(writer, hash);
                let Ok(position) = site else { return false };
                let was_there = !writer.space.entry_at(position).is_over();
                writer.take_out(position);
                was_there
            },
        )
    }
}
