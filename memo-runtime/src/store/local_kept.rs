//! Results that are handed out by reference, for one thread.
//!
//! Invariants of [`LocalKeptMap`]:
//!
//! - An [`Entry`] is on the heap behind an `Rc` that nobody clones. Through `&self`, entries are only added, never moved
//!   or dropped, so that a reference to one lives as long as the borrow of the store.
//! - The table holds one entry for each hash; entries whose hash is the same hang on each other. So the table compares hashes
//!   only, and a key's `Eq` runs while nothing is borrowed that a call back into the store would change.

use super::{AnyStore, RefStore, Same, Store, StoredKey, Ticket, guarded::drop_each};
use crate::{
    info::{CacheInfo, Metrics, NoStats},
    key::{KeyPart, Lookup},
};
use hashbrown::HashTable;
use std::{
    cell::{Cell, OnceCell, RefCell},
    mem,
    panic::{RefUnwindSafe, UnwindSafe},
    rc::Rc,
};

/// A store for one value that is handed out by reference, for one thread.
pub struct LocalKeptOnce<V, M = NoStats> {
    value: OnceCell<V>,
    /// Built on the first count.
    metrics: OnceCell<Box<M>>,
}

/// An unbounded store whose values are handed out by reference, for one thread.
pub struct LocalKeptMap<K: KeyPart, V, M = NoStats> {
    warm: OnceCell<Box<Warm<K, V, M>>>,
}

struct Warm<K: KeyPart, V, M> {
    chains: RefCell<HashTable<Rc<Entry<K, V>>>>,
    len: Cell<usize>,
    metrics: M,
}

struct Entry<K: KeyPart, V> {
    hash: u64,
    key: K::Stored,
    value: V,
    next: OnceCell<Rc<Entry<K, V>>>,
}

// SAFETY: No `Rc` is ever cloned, so all of them go where the store goes.
unsafe impl<K: KeyPart, V: Send, M: Send> Send for LocalKeptMap<K, V, M> where K::Stored: Send {}
// A panic in a key's or a value's code leaves the stores themselves in order.
impl<V: UnwindSafe, M> UnwindSafe for LocalKeptOnce<V, M> {}
impl<V: RefUnwindSafe, M> RefUnwindSafe for LocalKeptOnce<V, M> {}
impl<K: KeyPart, V: UnwindSafe, M> UnwindSafe for LocalKeptMap<K, V, M> where K::Stored: UnwindSafe {}
impl<K: KeyPart, V: RefUnwindSafe, M> RefUnwindSafe for LocalKeptMap<K, V, M> where
    K::Stored: RefUnwindSafe
{
}

impl<V, M> LocalKeptOnce<V, M> {
    /// A cold store.
    pub const fn new() -> Self {
        LocalKeptOnce { value: OnceCell::new(), metrics: OnceCell::new() }
    }
}

impl<V, M: Metrics> LocalKeptOnce<V, M> {
    fn metrics(&self) -> &M {
        self.metrics.get_or_init(|| Box::new(M::ZERO))
    }
}

impl<V, M: Metrics> Default for LocalKeptOnce<V, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V, M: Metrics> AnyStore for LocalKeptOnce<V, M> {
    fn empty(&mut self) {
        self.metrics.take();
        self.value.take();
    }
    fn absorb(&self, other: &Self) {
        if let Some(other) = other.metrics.get() {
            self.metrics().absorb(other);
        }
    }
}

impl<V, M: Metrics> Store for LocalKeptOnce<V, M> {
    type Key = ();
    type Value = V;
    #[inline]
    fn quick_hash<A: Lookup<()>>(_args: &A) -> Option<u64> {
        Some(0)
    }
    fn begin(&self, _hash: u64) -> Ticket {
        if M::ENABLED {
            self.metrics().miss();
        }
        Ticket(0)
    }
    fn contains<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> bool {
        self.value.get().is_some()
    }
    fn info(&self) -> CacheInfo {
        let mut info = CacheInfo { len: self.value.get().is_some().into(), ..CacheInfo::default() };
        match self.metrics.get() {
            Some(metrics) => metrics.fill(&mut info),
            None => M::ZERO.fill(&mut info),
        }
        info
    }
}

impl<V, M: Metrics> RefStore for LocalKeptOnce<V, M> {
    #[inline]
    fn hit_ref<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<&V> {
        let value = self.value.get()?;
        if M::ENABLED {
            self.metrics().hit();
        }
        Some(value)
    }
    fn peek_ref<A: Lookup<()>>(&self, _hash: u64, _args: &A) -> Option<&V> {
        self.value.get()
    }
    fn keep_ref_by(&self, _hash: u64, (): (), value: V, _same: impl Same<()>) -> &V {
        let mut value = Some(value);
        self.value.get_or_init(|| value.take().expect("this runs once"))
    }
}

impl<K: KeyPart, V, M> LocalKeptMap<K, V, M> {
    /// A cold store.
    pub const fn new() -> Self {
        LocalKeptMap { warm: OnceCell::new() }
    }
}

impl<K: KeyPart, V, M: Metrics> LocalKeptMap<K, V, M> {
    fn build(&self) -> &Warm<K, V, M> {
        self.warm.get_or_init(|| {
            Box::new(Warm {
                chains: RefCell::new(HashTable::new()),
                len: Cell::new(0),
                metrics: M::ZERO,
            })
        })
    }
}

impl<K: KeyPart, V, M> Warm<K, V, M> {
    /// The first entry with this hash.
    #[inline]
    fn first(&self, hash: u64) -> Option<&Entry<K, V>> {
        let chains = self.chains.borrow();
        let entry = Rc::as_ptr(chains.find(hash, |entry| entry.hash == hash)?);
        // SAFETY: Entries are on the heap, and are not dropped while `self` is borrowed.
        Some(unsafe { &*entry })
    }

    #[inline]
    fn find<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&Entry<K, V>> {
        let mut entry = self.first(hash)?;
        while !args.matches(&entry.key) {
            entry = entry.next.get()?;
        }
        Some(entry)
    }

    /// The entry with the key of `new`; `new` if there was none.
    fn keep(&self, new: Rc<Entry<K, V>>, same: impl Same<K::Stored>) -> &Entry<K, V> {
        let hash = new.hash;
        let Some(mut entry) = self.first(hash) else {
            let mut chains = self.chains.borrow_mut();
            self.len.set(self.len.get() + 1);
            let new = chains.insert_unique(hash, new, |entry| entry.hash);
            // SAFETY: As in `first`.
            return unsafe { &*Rc::as_ptr(new.get()) };
        };
        loop {
            if same(&new.key, &entry.key) {
                return entry;
            }
            // `Eq` may have called back and added entries: those at the end of the chain are seen here.
            match entry.next.get() {
                Some(next) => entry = next,
                None => break,
            }
        }
        self.len.set(self.len.get() + 1);
        entry.next.get_or_init(|| new)
    }
}

impl<K: KeyPart, V, M> Drop for Warm<K, V, M> {
    fn drop(&mut self) {
        let mut chains = mem::take(self.chains.get_mut()).into_iter();
        drop_each(|| chains.next());
    }
}

impl<K: KeyPart, V> Drop for Entry<K, V> {
    // A long chain would overflow the stack if each entry dropped the next.
    fn drop(&mut self) {
        let mut next = self.next.take();
        while let Some(mut entry) = next {
            next = Rc::get_mut(&mut entry).and_then(|entry| entry.next.take());
        }
    }
}

impl<K: KeyPart, V, M: Metrics> Default for LocalKeptMap<K, V, M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: KeyPart, V, M: Metrics> AnyStore for LocalKeptMap<K, V, M> {
    fn empty(&mut self) {
        self.warm.take();
    }
    fn absorb(&self, other: &Self) {
        if M::ENABLED {
            if let Some(other) = other.warm.get() {
                self.build().metrics.absorb(&other.metrics);
            }
        }
    }
}

impl<K: KeyPart, V, M: Metrics> Store for LocalKeptMap<K, V, M> {
    type Key = K;
    type Value = V;
    fn begin(&self, _hash: u64) -> Ticket {
        if M::ENABLED {
            self.build().metrics.miss();
        }
        Ticket(0)
    }
    fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.peek_ref(hash, args).is_some()
    }
    fn info(&self) -> CacheInfo {
        let mut info = CacheInfo::default();
        match self.warm.get() {
            Some(warm) => {
                info.len = warm.len.get();
                warm.metrics.fill(&mut info);
            }
            None => M::ZERO.fill(&mut info),
        }
        info
    }
}

impl<K: KeyPart, V, M: Metrics> RefStore for LocalKeptMap<K, V, M> {
    #[inline]
    fn hit_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        let warm = self.warm.get()?;
        let entry = warm.find(hash, args)?;
        warm.metrics.hit();
        Some(&entry.value)
    }
    fn peek_ref<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<&V> {
        Some(&self.warm.get()?.find(hash, args)?.value)
    }
    fn keep_ref_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        value: V,
        same: impl Same<StoredKey<Self>>,
    ) -> &V {
        let new = Rc::new(Entry { hash, key, value, next: OnceCell::new() });
        &self.build().keep(new, same).value
    }
}

#[cfg(test)]
mod tests;
