//! How do writers keep the user's `Eq` out of their lock?

use std::{
    ops::{
        ControlFlow::{self, Break, Continue},
        DerefMut,
    },
    ptr,
    sync::atomic::Ordering::Release,
};

use super::{
    super::{
        item::{Entry, Item, Policy},
        writer::Writer,
    },
    Core, Shared, Site,
};
use crate::{info::Metrics, key::KeyPart, reclaim::collect, store::mode::Mode};

/// How often a writer starts over because entries of its key's hash have come meanwhile. A key's `Eq` that stores such an
/// entry each time it is asked would keep it busy for ever; then the map forgets all its entries, as it may.
const MOST_ROUNDS: u32 = 1000;

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Core<K, V, M, P, S> {
    /// Runs `act` with the lock and the site of the entry that `same` accepts; or gives what `same` breaks with. Nothing
    /// of the user may be dropped by `act`: it returns what it has no use for.
    pub(super) fn settle<T, R>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, P, S>) -> ControlFlow<R, bool>,
        act: impl FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site<Entry<K, V, P, S>>) -> R,
    ) -> R {
        let mut writer = inner.lock();
        let inline = Entry::<K, V, P, S>::inline();
        let mut is_settled = true;
        let site = writer.space.seek(hash, |entry| {
            is_settled = inline;
            inline && matches!(same(&sought, entry), Continue(true))
        });
        if is_settled {
            let result = act(sought, &mut writer, site);
            return self.finish(writer, result);
        }
        drop(writer);
        self.protected(|| match self.settle_among_equal_hashes(inner, hash, sought, same, act) {
            Ok(result) => result,
            Err((sought, act)) => {
                let mut writer = inner.lock();
                if !P::LENDS {
                    inner.note_clearing(&mut writer);
                    writer.take_out_all(|| self.table.store(ptr::null_mut(), Release));
                }
                let site = writer.space.seek(hash, |_| false);
                let result = act(sought, &mut writer, site);
                self.finish(writer, result)
            }
        })
    }

    /// [`Core::settle`] if there are entries with the key's hash: compares them without the lock, until the lock shows none
    /// that was not compared. The thread must be pinned all the time, so that a pointer means one and the same entry. Gives
    /// up after [`MOST_ROUNDS`].
    #[cold]
    pub(super) fn settle_among_equal_hashes<T, R, A>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, P, S>) -> ControlFlow<R, bool>,
        act: A,
    ) -> Result<R, (T, A)>
    where
        A: FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site<Entry<K, V, P, S>>) -> R,
    {
        let mut different: Vec<*const Entry<K, V, P, S>> = Vec::new();
        let mut equal = None;
        for _ in 0..MOST_ROUNDS {
            let mut fresh = Vec::new();
            let mut writer = inner.lock();
            let site = writer.space.seek(hash, |entry| {
                let entry = ptr::from_ref(entry);
                if equal != Some(entry) && different.binary_search(&entry).is_err() {
                    fresh.push(entry);
                }
                equal == Some(entry)
            });
            if site.is_ok() || fresh.is_empty() {
                let result = act(sought, &mut writer, site);
                return Ok(self.finish(writer, result));
            }
            drop(writer);
            equal = None;
            for entry in fresh {
                // SAFETY: a slot led to the entry when the thread was pinned already, so it is not freed.
                match same(&sought, unsafe { &*entry }) {
                    Break(result) => return Ok(result),
                    Continue(true) => {
                        equal = Some(entry);
                        break;
                    }
                    Continue(false) => different.push(entry),
                }
            }
            different.sort_unstable();
        }
        Err((sought, act))
    }

    /// Lets go of the lock, and frees what was forgotten under it.
    #[inline]
    pub(super) fn finish<R>(
        &self,
        writer: impl DerefMut<Target = Writer<Entry<K, V, P, S>>>,
        result: R,
    ) -> R {
        let waits = writer.limbo.has_unsealed();
        drop(writer);
        if waits {
            collect(self);
        }
        result
    }
}
