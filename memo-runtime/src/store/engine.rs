//! How are the rules of [`super`] kept around an engine, which knows nothing of them?
//!
//! An engine can neither insert what is absent and say otherwise what is there, nor tell what was forgotten while a result was
//! computed. So what inserts or removes takes the lock of the key's *stripe*, which also has the history of what was forgotten.
//! Look-ups take none.
//!
//! - A clearing raises a number that belongs to no lock, and then waits for each stripe. Who holds one compares the number with that of
//!   the stripe, before and after it stores: what was computed before the clearing is not stored, or is cleared by who stored it.
//! - Under the lock of a stripe runs the engine, and so the `Eq`, `Clone` and `Drop` of keys and values. A call back from there is
//!   answered, and *declined* where it would have to wait: what it computes is not stored, and what it removes counts as a clearing.

#[cfg(any(test, feature = "verify"))]
mod beside;

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicU64, Ordering::SeqCst},
};

use super::{
    AnyStore, CloneStore, Good, Kept, Look, Same, Store, StoredKey, Ticket, ValueRef,
    history::History,
    mode::{Held, Lock},
};
use crate::{
    engine::{Asked, Chosen, Engine, EngineKey, Erased, Query},
    info::{CacheInfo, Metrics, NoStats},
    key::{KeyPart, Lookup},
    reclaim,
    term::{Deadline, Endless, Term},
};

/// How many keys can be inserted or removed at once. With some more than there are cores, few have to wait.
const STRIPES: usize = 32;

/// A store whose entries live in an engine of the user's choosing.
pub struct InEngine<K: KeyPart, V, M = NoStats, T: Term = Endless> {
    engine: Box<dyn Erased<K, T::Timed<V>>>,
    stripes: [reclaim::Lock<Stripe>; STRIPES],
    /// How often everything was forgotten.
    clearings: AtomicU64,
    metrics: M,
}

/// An [`InEngine`] whose entries have a deadline.
pub type TimedInEngine<K, V, M = NoStats> = InEngine<K, V, M, Deadline>;

/// What the lock of some keys guards.
#[derive(Default)]
struct Stripe {
    history: History,
    /// How many clearings are in the history.
    clearings: u64,
}

/// The ticket of who could not look at the history: no result is stored by it.
const REFUSED: Ticket = Ticket(u64::MAX);

impl<K: KeyPart, V, M: Metrics, T: Term> InEngine<K, V, M, T> {
    /// A store around `engine`.
    pub fn new<E: Engine<EngineKey<K>, T::Timed<V>>>(engine: E) -> Self {
        Self::around(Box::new(Chosen(engine)))
    }

    fn around(engine: Box<dyn Erased<K, T::Timed<V>>>) -> Self {
        Self {
            engine,
            stripes: std::array::from_fn(|_| reclaim::Lock::new(Stripe::default())),
            clearings: AtomicU64::new(0),
            metrics: M::ZERO,
        }
    }

    /// The stripe of a key; nothing for who would have to wait and must not.
    fn stripe(&self, hash: u64) -> Option<Held<'_, Stripe>> {
        // Not the bits by which an engine is likely to choose a shard: threads in different shards meet in different stripes.
        let index = (hash >> 40) % STRIPES as u64;
        #[allow(clippy::cast_possible_truncation, reason = "it is below the number of stripes")]
        let mut stripe = Lock::hold(&self.stripes[index as usize], true)?;
        self.take_note(&mut stripe);
        Some(stripe)
    }

    /// Whether everything was forgotten since this was asked last. It is in the history now.
    fn take_note(&self, stripe: &mut Stripe) -> bool {
        let clearings = self.clearings.load(SeqCst);
        let is_new = stripe.clearings != clearings;
        if is_new {
            stripe.clearings = clearings;
            stripe.history.forget_all();
        }
        is_new
    }

    /// For who holds the stripe of the key; says whether it is stored.
    fn insert_here(&self, stripe: &mut Stripe, key: EngineKey<K>, value: V, term: T) -> bool {
        let value = term.beside(value);
        let inserted = catch_unwind(AssertUnwindSafe(|| self.engine.insert(key, value)));
        let is_cleared = self.take_note(stripe);
        if is_cleared {
            self.engine.clear();
        }
        // It may have stored it before it panicked.
        if let Err(panic) = inserted {
            resume_unwind(panic);
        }
        !is_cleared
    }

    fn get(&self, key: &dyn Query<K>) -> Option<V> {
        T::good(self.engine.get(key)?)
    }
}

/// For what a body computes that is run to verify, which lives beside what is cached.
#[cfg(any(test, feature = "verify"))]
impl<K: KeyPart + 'static, V: 'static, M: Metrics, T: Term> Default for InEngine<K, V, M, T>
where
    K::Stored: Send + Sync,
    T::Timed<V>: Clone + Send + Sync,
{
    fn default() -> Self {
        Self::around(Box::new(beside::Beside::default()))
    }
}

impl<K: KeyPart, V, M: Metrics, T: Term> AnyStore for InEngine<K, V, M, T> {
    fn absorb(&self, other: &Self) {
        self.metrics.absorb(&other.metrics);
    }
}

impl<K: KeyPart, V, M: Metrics, T: Term> Store for InEngine<K, V, M, T> {
    type Key = K;
    type Value = V;
    type Term = T;

    fn begin(&self, hash: u64) -> Ticket {
        self.metrics.miss();
        self.stripe(hash).map_or(REFUSED, |stripe| Ticket(stripe.history.ticket()))
    }

    fn count_hit(&self) {
        self.metrics.hit();
    }

    fn contains<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        self.get(&Asked { hash, args }).is_some()
    }

    fn info(&self) -> CacheInfo {
        let mut info = CacheInfo::default();
        self.metrics.fill(&mut info);
        CacheInfo { evictions: None, len: self.engine.len(), ..info }
    }

    fn forget_all(&self) -> bool {
        self.clear();
        true
    }
}

/// A value that an engine has cloned.
pub struct Given<V>(V);

impl<V> ValueRef<V> for Given<V> {
    fn read<R>(self, read: impl FnOnce(&V) -> R) -> R {
        read(&self.0)
    }
    fn cloned<R>(self, with: impl FnOnce(V) -> R) -> R {
        with(self.0)
    }
}

impl<K: KeyPart, V, M: Metrics, T: Term> CloneStore for InEngine<K, V, M, T> {
    type Ref<'s>
        = Given<V>
    where
        Self: 's;

    fn look<A: Lookup<K>>(&self, hash: u64, args: &A) -> Look<Given<V>> {
        self.find(hash, args).map_or(Look::Absent, Look::Found)
    }

    fn find<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<Given<V>> {
        let value = self.get(&Asked { hash, args })?;
        self.metrics.hit();
        Some(Given(value))
    }

    fn keep_by(
        &self,
        ticket: Ticket,
        hash: u64,
        key: StoredKey<Self>,
        (value, term): Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) -> Kept<V>
    where
        V: Clone,
    {
        let Some(mut stripe) = self.stripe(hash) else { return Kept::Declined };
        if !stripe.history.allows(ticket.0, hash) {
            return Kept::Declined;
        }
        let key = EngineKey::new(hash, key, same.function());
        if let Some(present) = self.get(&key) {
            return Kept::Present(present);
        }
        // The key's `Eq` may have forgotten everything.
        if !self.take_note(&mut stripe) && self.insert_here(&mut stripe, key, value, term) {
            Kept::Stored
        } else {
            Kept::Declined
        }
    }

    fn peek<A: Lookup<K>>(&self, hash: u64, args: &A) -> Option<V>
    where
        V: Clone,
    {
        self.get(&Asked { hash, args })
    }

    fn insert_by(
        &self,
        hash: u64,
        key: StoredKey<Self>,
        (value, term): Good<Self>,
        same: impl Same<StoredKey<Self>>,
    ) {
        let Some(mut stripe) = self.stripe(hash) else { return };
        self.insert_here(&mut stripe, EngineKey::new(hash, key, same.function()), value, term);
    }

    fn remove<A: Lookup<K>>(&self, hash: u64, args: &A) -> bool {
        let asked = Asked { hash, args };
        let mut stripe = self.stripe(hash);
        match &mut stripe {
            Some(stripe) => stripe.history.forget(hash),
            None => _ = self.clearings.fetch_add(1, SeqCst),
        }
        let is_over = T::EXPIRES && self.get(&asked).is_none();
        self.engine.remove(&asked) && !is_over
    }

    fn clear(&self) {
        self.clearings.fetch_add(1, SeqCst);
        // Who has looked at the history before that has stored its result when its stripe is free, and taken note.
        for stripe in &self.stripes {
            drop(Lock::hold(stripe, true));
        }
        self.engine.clear();
        self.metrics.reset();
    }
}
