//! An engine that does something of a test's choosing whenever it is asked, and may forget or refuse what it is given.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use memo_runtime::Engine;

/// What it does. Its lock is not held meanwhile.
#[derive(Clone, Copy)]
pub struct Hooks {
    pub get: fn(),
    pub insert: fn(),
    pub inserted: fn(),
    pub remove: fn(),
    pub clear: fn(),
    pub keeps: Keeps,
}

/// How it lies. No test lies in all ways.
#[allow(dead_code)]
#[derive(Clone, Copy, PartialEq)]
pub enum Keeps {
    /// It does not.
    All,
    /// What it is given is gone.
    Nothing,
    /// What it gives out is gone.
    UntilAsked,
    /// Nothing is ever removed or replaced.
    TheFirst,
}

pub const QUIET: Hooks = Hooks {
    get: nothing,
    insert: nothing,
    inserted: nothing,
    remove: nothing,
    clear: nothing,
    keeps: Keeps::All,
};

fn nothing() {}

pub struct Hooked<K, V> {
    hooks: Hooks,
    entries: Mutex<HashMap<K, Arc<V>>>,
}

pub fn hooked<K, V>(hooks: Hooks) -> Hooked<K, V> {
    Hooked { hooks, entries: Mutex::default() }
}

impl<K, V> Hooked<K, V> {
    fn entries(&self) -> MutexGuard<'_, HashMap<K, Arc<V>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Engine<K, V> for Hooked<K, V>
where
    K: Hash + Eq + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        (self.hooks.get)();
        let found = if self.hooks.keeps == Keeps::UntilAsked {
            self.entries().remove(key)
        } else {
            self.entries().get(key).cloned()
        };
        found.map(|value| V::clone(&value))
    }
    fn insert(&self, key: K, value: V) {
        (self.hooks.insert)();
        let value = Arc::new(value);
        let old = match self.hooks.keeps {
            Keeps::Nothing => None,
            Keeps::TheFirst => {
                self.entries().entry(key).or_insert(value);
                None
            }
            _ => self.entries().insert(key, value),
        };
        drop(old);
        (self.hooks.inserted)();
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        (self.hooks.remove)();
        if self.hooks.keeps == Keeps::TheFirst {
            return false;
        }
        let old = self.entries().remove_entry(key);
        old.is_some()
    }
    fn clear(&self) {
        (self.hooks.clear)();
        if self.hooks.keeps != Keeps::TheFirst {
            let old = std::mem::take(&mut *self.entries());
            drop(old);
        }
    }
    fn len(&self) -> Option<usize> {
        Some(self.entries().len())
    }
}
