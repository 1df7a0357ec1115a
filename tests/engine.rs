//! `engine = expr`: entries live in an in-process cache of the user's choosing.

use std::{
    borrow::Borrow,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use memo_runtime::{Engine, memoize};

/// Keeps nothing.
struct Forgetful;

impl<K, V> Engine<K, V> for Forgetful {
    fn get<Q: Hash + Eq + ?Sized>(&self, _key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        None
    }
    fn insert(&self, _key: K, _value: V) {}
    fn remove<Q: Hash + Eq + ?Sized>(&self, _key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        false
    }
    fn clear(&self) {}
}

static BODIES: AtomicUsize = AtomicUsize::new(0);

#[memoize(engine = moka::sync::Cache::new(100), stats)]
fn length(text: &str, factor: f64) -> f64 {
    BODIES.fetch_add(1, SeqCst);
    text.len() as f64 * factor
}

#[memoize(engine = Forgetful)]
fn never(n: u64) -> u64 {
    n + 1
}

#[memoize(engine = quick_cache::sync::Cache::new(100), ttl = "30s", single_flight)]
fn quick(n: u64) -> Result<Arc<u64>, String> {
    Ok(Arc::new(n))
}

#[memoize(engine = moka::sync::Cache::builder().max_capacity(1 << 20).time_to_idle(Duration::from_secs(1)).weigher(|_, value: &Vec<u8>| value.len() as u32).build())]
fn bytes() -> Vec<u8> {
    vec![1]
}

struct G<T>(std::marker::PhantomData<T>);

#[memoize]
impl<T: Clone + Hash + Eq + Send + Sync + 'static> G<T> {
    #[memoize(engine = quick_cache::sync::Cache::new(std::mem::size_of::<T>() + 7))]
    fn id(t: T) -> T {
        t
    }
}

#[test]
fn a() {
    assert_eq!(length("abc", 2.0), 6.0);
    assert_eq!(length("abc", 2.0), 6.0);
    assert_eq!(BODIES.load(SeqCst), 1);
    never(1);
    quick(1).unwrap();
    assert!(Arc::ptr_eq(&quick(1).unwrap(), &quick(1).unwrap()));
    bytes();
    G::<u8>::id(1);
    println!("{}", length_cache().info());
}
