//! One engine expression serves many types: each has its own entries, made once, also while another is made.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    any::{Any, type_name},
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    marker::PhantomData,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use memo_runtime::memoize;
use quick_cache::sync::Cache;
use watchdog::watched;

trait Unit: 'static {
    const FACTOR: u64;
    const KEPT: usize = 16;
    fn scaled(n: u64) -> u64;
}

struct Metre;
struct Mile;
struct Both<A, B>(PhantomData<(A, B)>);

#[memoize]
impl Unit for Metre {
    const FACTOR: u64 = 1;
    #[memoize(engine = Cache::new(Self::KEPT), accessor = scaled_cache)]
    fn scaled(n: u64) -> u64 {
        n * Self::FACTOR
    }
}

#[memoize]
impl Unit for Mile {
    const FACTOR: u64 = 1609;
    const KEPT: usize = 8;
    #[memoize(engine = Cache::new(<Self as Unit>::KEPT), accessor = scaled_cache)]
    fn scaled(n: u64) -> u64 {
        n * Self::FACTOR
    }
}

#[memoize]
impl<A: Unit, B: Unit> Unit for Both<A, B> {
    const FACTOR: u64 = A::FACTOR * B::FACTOR;
    #[memoize(engine = { const LEAST: usize = 4; Cache::new(LEAST + A::KEPT.max(B::KEPT)) })]
    fn scaled(n: u64) -> u64 {
        A::scaled(n) * B::FACTOR
    }
}

#[test]
fn implementations_and_nested_types_keep_apart() {
    type Deep = Both<Both<Mile, Metre>, Both<Metre, Mile>>;
    for _ in 0..2 {
        assert_eq!(Metre::scaled(2), 2);
        assert_eq!(Mile::scaled(2), 2 * 1609);
        assert_eq!(Both::<Metre, Mile>::scaled(2), 2 * 1609);
        assert_eq!(Both::<Mile, Mile>::scaled(2), 2 * 1609 * 1609);
        assert_eq!(Deep::scaled(2), 2 * 1609 * 1609);
    }
    Metre::scaled_cache().insert((2,), 7);
    assert_eq!((Metre::scaled(2), Mile::scaled(2)), (7, 2 * 1609));
}

struct Table<T, const N: usize>(PhantomData<T>);

#[memoize]
impl<T, const N: usize> Table<T, N>
where
    T: Clone + Debug + Hash + Eq + Send + Sync + 'static,
{
    const MANY: usize = N * 2 + 1;

    #[memoize(engine = moka::sync::Cache::new(Self::MANY as u64))]
    fn shown(cell: &[T]) -> String {
        format!("{cell:?}: {} {N}", type_name::<T>())
    }
    #[memoize(engine = moka::sync::Cache::new(Self::MANY as u64), single_flight)]
    fn wrapped(cell: T, depth: u32) -> Option<Vec<T>> {
        if depth == 0 {
            return None;
        }
        let mut all = Self::wrapped(cell.clone(), depth - 1).unwrap_or_default();
        all.push(cell);
        Some(all)
    }
}

#[test]
fn equal_keys_of_other_types_keep_apart() {
    for _ in 0..2 {
        assert_eq!(Table::<u8, 1>::shown(&[1]), "[1]: u8 1");
        assert_eq!(Table::<u16, 1>::shown(&[1]), "[1]: u16 1");
        assert_eq!(Table::<u8, 3>::shown(&[1]), "[1]: u8 3");
        assert!(Table::<Box<str>, 3>::shown(&["1".into()]).starts_with("[\"1\"]: "));
        assert_eq!(Table::<i8, 0>::wrapped(-1, 3), Some(vec![-1; 3]));
        assert_eq!(Table::<(), 0>::wrapped((), 3), Some(vec![(); 3]));
        assert_eq!(Table::<(), 0>::wrapped((), 0), None);
    }
    assert_eq!(Table::<u8, 1>::shown_cache().peek((&[1],)).as_deref(), Some("[1]: u8 1"));
    Table::<u8, 1>::shown_cache().clear();
    assert!(!Table::<u8, 1>::shown_cache().contains((&[1],)));
    assert!(Table::<u16, 1>::shown_cache().contains((&[1],)));
}

/// Its engine is made with what the engine of another type says.
struct Level<const N: u32>;

fn sized<K: Hash + Eq, V: Clone, const N: u32>() -> Cache<K, V> {
    MADE.fetch_add(1, SeqCst);
    let more = match N {
        3 => Level::<2>::size(1),
        2 => Level::<1>::size(1),
        _ => 1,
    };
    Cache::new(more + 1)
}
static MADE: AtomicUsize = AtomicUsize::new(0);

#[memoize]
impl<const N: u32> Level<N> {
    #[memoize(engine = sized::<_, _, N>())]
    fn size(n: usize) -> usize {
        n * N as usize
    }
}

#[test]
fn an_engine_is_made_while_that_of_another_type_is_made() {
    watched("an_engine_is_made_while_that_of_another_type_is_made", || {
        thread::scope(|scope| {
            for level in [1, 2, 3, 3, 2, 1] {
                scope.spawn(move || match level {
                    1 => assert_eq!(Level::<1>::size(4), 4),
                    2 => assert_eq!(Level::<2>::size(4), 8),
                    _ => assert_eq!(Level::<3>::size(4), 12),
                });
            }
        });
        assert_eq!(MADE.load(SeqCst), 3);
    });
}

/// Hands out one object for each type of cache, whoever asks.
fn common<K, V>() -> moka::sync::Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    static ALL: Mutex<Option<HashMap<&'static str, Box<dyn Any + Send>>>> = Mutex::new(None);
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    let name = type_name::<(K, V)>();
    let one = all.entry(name).or_insert_with(|| Box::new(moka::sync::Cache::<K, V>::new(100)));
    one.downcast_ref::<moka::sync::Cache<K, V>>().expect("it has the name of its type").clone()
}

#[memoize(engine = common())]
fn of_numbers(n: u64) -> u64 {
    n + 1
}
#[memoize(engine = common())]
fn of_floats(n: f64) -> u64 {
    n.to_bits()
}
#[memoize(engine = common())]
fn of_texts(n: &str) -> u64 {
    n.len() as u64
}

#[test]
fn one_object_serves_keys_of_one_type_only() {
    for n in 0..20 {
        assert_eq!(of_numbers(n), n + 1);
        assert_eq!(of_floats(f64::from_bits(n)), n);
        assert_eq!(of_texts(&"x".repeat(n as usize)), n);
    }
    of_numbers_cache().clear();
    assert!(!of_numbers_cache().contains((1,)));
    assert!(of_floats_cache().contains((f64::from_bits(1),)));
}
