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
    Core, Protected, Shared, Site,
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
        act: impl FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site) -> R,
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
        self.protected(|protected| match protected.settle(inner, hash, sought, same, act) {
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

impl<K: KeyPart, V, M: Metrics, P: Policy, S: Mode> Protected<'_, K, V, M, P, S> {
    /// [`Core::settle`] if there are entries with the key's hash: compares them without the lock, until the lock shows none
    /// that was not compared. The thread is protected all the time, so that an address means one and the same entry. Gives
    /// up after [`MOST_ROUNDS`].
    #[cold]
    fn settle<T, R, A>(
        &self,
        inner: &Shared<K, V, M, P, S>,
        hash: u64,
        sought: T,
        mut same: impl FnMut(&T, &Entry<K, V, P, S>) -> ControlFlow<R, bool>,
        act: A,
    ) -> Result<R, (T, A)>
    where
        A: FnOnce(T, &mut Writer<Entry<K, V, P, S>>, Site) -> R,
    {
        let mut different: Vec<*const Entry<K, V, P, S>> = Vec::new();
        let mut equal: Option<*const Entry<K, V, P, S>> = None;
        for _ in 0..MOST_ROUNDS {
            let mut fresh = Vec::new();
            let mut writer = inner.lock();
            // The writer's own table.
            let site = match self.view() {
                Some(view) => view
                    .seek(hash, |entry| {
                        let address = ptr::from_ref(entry);
                        if equal != Some(address) && different.binary_search(&address).is_err() {
                            fresh.push(entry);
                        }
                        equal == Some(address)
                    })
                    .map(|found| found.position)
                    .map_err(Some),
                None => Err(None),
            };
            if site.is_ok() || fresh.is_empty() {
                let result = act(sought, &mut writer, site);
                return Ok(self.0.finish(writer, result));
            }
            drop(writer);
            equal = None;
            for entry in fresh {
                match same(&sought, entry) {
                    Break(result) => return Ok(result),
                    Continue(true) => {
                        equal = Some(ptr::from_ref(entry));
                        break;
                    }
                    Continue(false) => different.push(ptr::from_ref(entry)),
                }
            }
            different.sort_unstable();
        }
        Err((sought, act))
    }
}
