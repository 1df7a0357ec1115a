//! `engine = expr`: the entries of a type-scoped function live in an in-process cache of the user's choosing.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    borrow::Borrow,
    cell::Cell,
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Barrier, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use memo_runtime::{Engine, clock::advance, memoize};
use watchdog::watched;

/// An engine in the shortest form.
struct Simple<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Simple<K, V> {
    fn new() -> Self {
        Self(Mutex::default())
    }
    fn entries(&self) -> MutexGuard<'_, HashMap<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq + Send + 'static, V: Clone + Send + 'static> Engine<K, V> for Simple<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.entries().get(key).cloned()
    }
    fn insert(&self, key: K, value: V) {
        self.entries().insert(key, value);
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.entries().remove(key).is_some()
    }
    fn clear(&self) {
        self.entries().clear();
    }
    fn len(&self) -> Option<usize> {
        Some(self.entries().len())
    }
}

mod results_are_kept {
    use super::*;

    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = Simple::new(), stats)]
    fn simple(text: &str, factor: f64) -> f64 {
        BODIES.fetch_add(1, SeqCst);
        text.len() as f64 * factor
    }

    #[test]
    fn in_an_engine_of_ones_own() {
        assert_eq!(simple("abc", 2.0).to_bits(), 6.0_f64.to_bits());
        assert_eq!(simple("abc", 2.0).to_bits(), 6.0_f64.to_bits());
        simple("abc", f64::NAN);
        simple("abc", f64::NAN);
        assert_eq!(simple("abc", 0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(simple("abc", -0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(BODIES.load(SeqCst), 4);
        assert_eq!(
            simple_cache().info().to_string(),
            "hits=2 misses=4 evictions=- len=4 capacity=unbounded"
        );
    }

    static ASKED: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = moka::sync::Cache::builder()
        .max_capacity(1 << 20)
        .time_to_idle(Duration::from_secs(600))
        .weigher(|_, text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX))
        .build(), stats)]
    fn in_moka(n: u64) -> String {
        ASKED.fetch_add(1, SeqCst);
        n.to_string()
    }

    #[test]
    fn in_moka_with_weights() {
        for _ in 0..3 {
            assert_eq!(in_moka(12), "12");
        }
        assert_eq!(ASKED.load(SeqCst), 1);
        assert!(in_moka_cache().contains((12,)));
        in_moka_cache().clear();
        assert!(!in_moka_cache().contains((12,)));
        in_moka(12);
        assert_eq!(ASKED.load(SeqCst), 2);
    }

    static COUNT: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = quick_cache::sync::Cache::new(100))]
    fn in_quick_cache(pair: (u32, f32), rest: &[u8]) -> Result<usize, String> {
        COUNT.fetch_add(1, SeqCst);
        if rest.is_empty() {
            return Err("nothing".into());
        }
        Ok(pair.0 as usize + rest.len())
    }

    #[test]
    fn in_quick_cache_but_never_an_error() {
        assert_eq!(in_quick_cache((1, 0.5), &[1, 2]), Ok(3));
        assert_eq!(in_quick_cache((1, 0.5), &[1, 2]), Ok(3));
        assert_eq!(COUNT.load(SeqCst), 1);
        assert!(in_quick_cache((1, 0.5), &[]).is_err());
        assert!(in_quick_cache((1, 0.5), &[]).is_err());
        assert_eq!(COUNT.load(SeqCst), 3);
        assert_eq!(in_quick_cache_cache().info().len, Some(1));
    }
}

mod it_may_be_written_with_the_crate_equivalent {
    use equivalent::Equivalent;

    use super::*;

    struct Listed<K, V>(Mutex<Vec<(K, V)>>);

    impl<K: Hash + Eq + Send + 'static, V: Clone + Send + 'static> Engine<K, V> for Listed<K, V> {
        fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<V> {
            let entries = self.0.lock().unwrap();
            entries.iter().find(|entry| key.equivalent(&entry.0)).map(|entry| entry.1.clone())
        }
        fn insert(&self, key: K, value: V) {
            let mut entries = self.0.lock().unwrap();
            entries.retain(|entry| entry.0 != key);
            entries.push((key, value));
        }
        fn remove<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> bool {
            let mut entries = self.0.lock().unwrap();
            let before = entries.len();
            entries.retain(|entry| !key.equivalent(&entry.0));
            entries.len() < before
        }
        fn clear(&self) {
            self.0.lock().unwrap().clear();
        }
    }

    #[memoize(engine = Listed(Mutex::default()))]
    fn upper(text: &str) -> String {
        text.to_uppercase()
    }

    #[test]
    fn and_does_the_same() {
        assert_eq!(upper("a"), "A");
        assert_eq!(upper_cache().peek(("a",)).as_deref(), Some("A"));
        assert_eq!(upper_cache().peek(("b",)), None);
        upper_cache().insert(("a",), "B".into());
        assert_eq!(upper("a"), "B");
        assert!(upper_cache().remove(("a",)));
        assert!(!upper_cache().remove(("a",)));
        assert_eq!(upper("a"), "A");
        assert_eq!(upper_cache().info().len, None);
    }
}

/// Counts how often it is made, and by which type.
fn made<K, V>(count: &AtomicUsize) -> Simple<K, V> {
    count.fetch_add(1, SeqCst);
    thread::yield_now();
    Simple::new()
}

mod the_expression_is_evaluated_once {
    use super::*;

    static MADE: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = made(&MADE))]
    fn one(n: u64) -> u64 {
        n
    }

    static MADE_FOR_TYPES: AtomicUsize = AtomicUsize::new(0);

    struct Grid<T, const N: usize>(PhantomData<T>);

    #[memoize]
    impl<T: Debug + Clone + Hash + Eq + Send + Sync + 'static, const N: usize> Grid<T, N> {
        #[memoize(engine = made(&MADE_FOR_TYPES))]
        fn shown(cell: T) -> String {
            format!("{cell:?} of {N}")
        }
    }

    /// Runs it in eight threads at once.
    fn at_once(run: impl Fn() + Sync) {
        let barrier = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    run();
                });
            }
        });
    }

    #[test]
    fn whoever_comes_first() {
        at_once(|| assert_eq!(one(1), 1));
        assert_eq!(MADE.load(SeqCst), 1);
    }

    #[test]
    fn and_once_for_each_type() {
        at_once(|| {
            assert_eq!(Grid::<u8, 1>::shown(7), "7 of 1");
            assert_eq!(Grid::<u16, 1>::shown(7), "7 of 1");
            assert_eq!(Grid::<u8, 2>::shown(7), "7 of 2");
            assert_eq!(Grid::<&str, 2>::shown("7"), "\"7\" of 2");
        });
        assert_eq!(MADE_FOR_TYPES.load(SeqCst), 4);
        assert_eq!(Grid::<u8, 1>::shown_cache().info().len, Some(1));
    }

    static FAILS: AtomicBool = AtomicBool::new(true);

    fn made_at_second<K, V>() -> Simple<K, V> {
        assert!(!FAILS.swap(false, SeqCst), "no engine yet");
        Simple::new()
    }

    #[memoize(engine = made_at_second())]
    fn second(n: u64) -> u64 {
        n
    }

    #[test]
    fn and_again_if_it_panicked() {
        assert!(catch_unwind(|| second(1)).is_err());
        assert_eq!(second(1), 1);
        assert!(second_cache().contains((1,)));
    }

    static TYPES_FAIL: AtomicBool = AtomicBool::new(true);
    struct Late<T>(PhantomData<T>);

    fn late<K, V>() -> Simple<K, V> {
        assert!(!TYPES_FAIL.swap(false, SeqCst), "no engine yet");
        Simple::new()
    }

    #[memoize]
    impl<T: 'static> Late<T> {
        #[memoize(engine = late())]
        fn size(times: usize) -> usize {
            size_of::<T>() * times
        }
    }

    #[test]
    fn and_again_if_it_panicked_for_a_type() {
        assert!(catch_unwind(|| Late::<u32>::size(2)).is_err());
        assert_eq!(Late::<u32>::size(2), 8);
        assert_eq!(Late::<u8>::size(2), 2);
        assert!(Late::<u32>::size_cache().contains((2,)));
    }
}

mod options {
    use super::*;

    struct Shop {
        rate: u64,
    }

    trait Priced {
        fn price(&self, net: u64) -> u64;
        fn known(net: u64) -> u64;
    }

    #[memoize]
    impl Priced for Shop {
        #[memoize(scope = "type", engine = Simple::new(), reads(rate: u64), accessor = prices)]
        fn price(&self, net: u64) -> u64 {
            net + net * self.rate / 100
        }
        #[memoize(engine = Simple::new())]
        fn known(net: u64) -> u64 {
            net
        }
    }

    #[test]
    fn instances_of_equal_state_share() {
        assert_eq!(Shop { rate: 20 }.price(50), 60);
        assert_eq!(Shop { rate: 10 }.price(50), 55);
        assert_eq!(Shop::prices().peek((20, 50)), Some(60));
        Shop::prices().insert((20, 50), 61);
        assert_eq!(Shop { rate: 20 }.price(50), 61);
        assert_eq!(Shop::prices().info().len, Some(2));
        assert_eq!(Shop::known(3), 3);
    }

    static EVEN: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = Simple::new(), skip(log), cache_if = |n| n % 2 == 0)]
    fn even(n: u64, log: &mut_free::Log) -> u64 {
        log.note();
        EVEN.fetch_add(1, SeqCst);
        n
    }

    mod mut_free {
        pub struct Log;
        impl Log {
            #[allow(clippy::unused_self)]
            pub fn note(&self) {}
        }
    }

    #[memoize(engine = Simple::new(), key(id: u64 = user.0))]
    fn greeting(user: &(u64, String)) -> String {
        format!("Dear {}", user.1)
    }

    #[memoize(engine = Simple::new())]
    fn nothing() -> u64 {
        7
    }

    #[test]
    fn skip_cache_if_and_key() {
        for n in [1, 2, 1, 2] {
            even(n, &mut_free::Log);
        }
        assert_eq!(EVEN.load(SeqCst), 3);
        greeting(&(1, "Ada".into()));
        assert!(greeting_cache().contains((1,)));
        assert_eq!((nothing(), nothing(), nothing_cache().info().len), (7, 7, Some(1)));
        assert!(nothing_cache().remove(()));
        assert_eq!(nothing_cache().peek(()), None);
    }

    static ASYNC: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = moka::sync::Cache::new(10))]
    async fn later(n: u64) -> u64 {
        ASYNC.fetch_add(1, SeqCst);
        tokio::task::yield_now().await;
        n
    }

    #[test]
    fn futures() {
        fn is_send<F: Send>(future: F) -> F {
            future
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        assert_eq!(runtime.block_on(is_send(later(1))), 1);
        assert_eq!(runtime.block_on(later(1)), 1);
        assert_eq!(ASYNC.load(SeqCst), 1);
    }

    #[test]
    fn the_list_of_caches_has_it() {
        #[memoize(engine = Simple::new(), stats)]
        fn listed_in_engine(n: u64) -> u64 {
            n
        }
        listed_in_engine(1);
        let cache = memo_runtime::caches().find(|cache| cache.name() == "listed_in_engine");
        let cache = cache.expect("it is listed");
        assert_eq!((cache.info().len, cache.info().misses), (Some(1), Some(1)));
        assert!(cache.clear());
        assert_eq!((cache.info().len, cache.info().misses), (Some(0), Some(0)));
    }
}

mod ttl {
    use super::*;

    static TURN: Mutex<()> = Mutex::new(());
    static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = Simple::new(), ttl = "30s", single_flight, stats)]
    fn rate(currency: &str) -> usize {
        BODIES.fetch_add(1, SeqCst) + currency.len()
    }

    #[memoize(engine = moka::sync::Cache::new(10), ttl = |seconds: &u64| Duration::from_secs(*seconds))]
    fn each(seconds: u64) -> u64 {
        seconds
    }

    #[test]
    fn what_is_older_is_computed_again() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let first = rate("EUR");
        advance(Duration::from_secs(29));
        assert_eq!(rate("EUR"), first);
        advance(Duration::from_secs(1));
        assert!(!rate_cache().contains(("EUR",)));
        assert_eq!(rate_cache().peek(("EUR",)), None);
        assert_ne!(rate("EUR"), first);
        assert_eq!(rate_cache().info().misses, Some(2));
        advance(Duration::from_secs(31));
        assert!(!rate_cache().remove(("EUR",)));
    }

    #[test]
    fn each_value_says_its_own() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        for seconds in [0, 1, 10] {
            each(seconds);
        }
        assert!(!each_cache().contains((0,)));
        advance(Duration::from_secs(5));
        assert!(!each_cache().contains((1,)));
        assert!(each_cache().contains((10,)));
    }
}

mod threads {
    use super::*;

    static WAITING: Barrier = Barrier::new(2);

    #[memoize(engine = Simple::new())]
    fn together(_n: u64, which: Which) -> usize {
        WAITING.wait();
        which.0
    }

    /// All are the same key.
    #[derive(Clone)]
    struct Which(usize);
    impl PartialEq for Which {
        fn eq(&self, _other: &Self) -> bool {
            true
        }
    }
    impl Eq for Which {}
    impl Hash for Which {
        fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
    }

    #[test]
    fn of_two_that_miss_together_one_result_is_kept() {
        watched("of_two_that_miss_together_one_result_is_kept", || {
            for round in 0..50 {
                let results = thread::scope(|scope| {
                    [1, 2]
                        .map(|which| scope.spawn(move || together(round, Which(which))))
                        .map(|thread| thread.join().expect("no body panics"))
                });
                assert_eq!(results[0], results[1]);
                assert_eq!(together_cache().peek((round, Which(0))), Some(results[0]));
            }
        });
    }

    static CLEARED: AtomicUsize = AtomicUsize::new(0);

    #[memoize(engine = moka::sync::Cache::new(100))]
    fn cleared(n: u64) -> u64 {
        match CLEARED.fetch_add(1, SeqCst) {
            0 => cleared_cache().clear(),
            1 => _ = cleared_cache().remove((n,)),
            _ => {}
        }
        n
    }

    #[test]
    fn what_is_forgotten_while_it_is_computed_is_not_kept() {
        for _ in 0..2 {
            assert_eq!(cleared(1), 1);
            assert!(!cleared_cache().contains((1,)));
        }
        cleared(1);
        assert!(cleared_cache().contains((1,)));
    }

    /// A value from before a clearing is never seen after it.
    #[test]
    fn a_clearing_is_exact_under_load() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static STOP: AtomicBool = AtomicBool::new(false);

        #[memoize(engine = quick_cache::sync::Cache::new(1000))]
        fn now(_key: u64) -> usize {
            NOW.load(SeqCst)
        }

        watched("a_clearing_is_exact_under_load", || {
            thread::scope(|scope| {
                for worker in 0..3 {
                    scope.spawn(move || {
                        for key in (worker..).take_while(|_| !STOP.load(SeqCst)) {
                            now(key % 8);
                        }
                    });
                }
                for _ in 0..2000 {
                    let present = NOW.fetch_add(1, SeqCst) + 1;
                    now_cache().clear();
                    for key in 0..8 {
                        assert!(now(key) >= present);
                    }
                }
                STOP.store(true, SeqCst);
            });
        });
    }

    #[test]
    fn one_body_at_a_time_with_single_flight() {
        static BODIES: AtomicUsize = AtomicUsize::new(0);

        #[memoize(engine = moka::sync::Cache::new(10_000), single_flight)]
        fn once(round: u64) -> u64 {
            BODIES.fetch_add(1, SeqCst);
            thread::yield_now();
            round
        }

        watched("one_body_at_a_time_with_single_flight", || {
            for round in 0..1000 {
                thread::scope(|scope| {
                    for _ in 0..10 {
                        scope.spawn(move || assert_eq!(once(round), round));
                    }
                });
            }
            assert_eq!(BODIES.load(SeqCst), 1000);
        });
    }
}

mod re_entrance_and_panics {
    use super::*;

    thread_local! {
        static RUN: Cell<Option<fn()>> = const { Cell::new(None) };
    }

    /// Runs what is to be run, once.
    fn fire() {
        if let Some(run) = RUN.take() {
            run();
        }
    }

    #[derive(Debug)]
    struct Key(u64);
    impl Clone for Key {
        fn clone(&self) -> Self {
            Self(self.0)
        }
    }
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            fire();
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            state.write_u8(0);
        }
    }

    #[derive(Debug)]
    struct Value(u64);
    impl Clone for Value {
        fn clone(&self) -> Self {
            fire();
            Self(self.0)
        }
    }
    impl Drop for Value {
        fn drop(&mut self) {
            fire();
        }
    }

    /// Its lock is not held while code of keys and values runs.
    struct Open<K, V>(Mutex<Vec<Arc<(K, V)>>>);
    impl<K: Hash + Eq, V> Open<K, V> {
        fn find<Q: Eq + ?Sized>(&self, key: &Q) -> Option<Arc<(K, V)>>
        where
            K: Borrow<Q>,
        {
            let entries = self.0.lock().unwrap().clone();
            entries.into_iter().find(|entry| entry.0.borrow() == key)
        }
        fn take(&self, entry: &Arc<(K, V)>) {
            let mut entries = self.0.lock().unwrap();
            if let Some(at) = entries.iter().position(|other| Arc::ptr_eq(other, entry)) {
                let gone = entries.remove(at);
                drop(entries);
                drop(gone);
            }
        }
    }
    impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Engine<K, V>
        for Open<K, V>
    {
        fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
        where
            K: Borrow<Q>,
        {
            self.find(key).map(|entry| entry.1.clone())
        }
        fn insert(&self, key: K, value: V) {
            let old = self.find(&key);
            if let Some(old) = old {
                self.take(&old);
            }
            self.0.lock().unwrap().push(Arc::new((key, value)));
        }
        fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
        where
            K: Borrow<Q>,
        {
            let found = self.find(key);
            found.inspect(|entry| self.take(entry)).is_some()
        }
        fn clear(&self) {
            let all = std::mem::take(&mut *self.0.lock().unwrap());
            drop(all);
        }
    }

    #[memoize(engine = Open(Mutex::default()))]
    fn square(key: Key) -> Value {
        Value(key.0 * key.0)
    }

    const STEPS: [fn(); 6] = [
        || assert_eq!(square(Key(2)).0, 4),
        || assert_eq!(square(Key(9)).0, 81),
        || square_cache().insert((Key(3),), Value(9)),
        || _ = square_cache().remove((Key(2),)),
        || square_cache().clear(),
        || panic!("on purpose"),
    ];

    #[test]
    fn code_of_keys_and_values_may_call_back_and_panic() {
        watched("code_of_keys_and_values_may_call_back_and_panic", || {
            for outer in &STEPS[..5] {
                for inner in STEPS {
                    for key in [2, 3] {
                        square(Key(key));
                    }
                    RUN.set(Some(inner));
                    let _ = catch_unwind(AssertUnwindSafe(outer));
                    RUN.set(None);
                    for key in [2, 3, 9] {
                        assert_eq!(square(Key(key)).0, key * key);
                        assert_eq!(
                            square_cache().peek((Key(key),)).map(|it| it.0),
                            Some(key * key)
                        );
                    }
                }
            }
        });
    }

    /// Forgets everything while it inserts, inserts all the same, and panics.
    struct Torn<K, V>(Open<K, V>);
    impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Engine<K, V>
        for Torn<K, V>
    {
        fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
        where
            K: Borrow<Q>,
        {
            self.0.get(key)
        }
        fn insert(&self, key: K, value: V) {
            fire();
            self.0.insert(key, value);
            panic!("after it was inserted");
        }
        fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
        where
            K: Borrow<Q>,
        {
            self.0.remove(key)
        }
        fn clear(&self) {
            self.0.clear();
        }
    }

    #[memoize(engine = Torn(Open(Mutex::default())))]
    fn torn(n: u64) -> u64 {
        n
    }

    /// What an engine has stored before it panicked is its affair, but not if it was forgotten meanwhile.
    #[test]
    fn a_clearing_counts_also_if_the_insertion_panics() {
        let clearings: [fn(); 2] = [|| torn_cache().clear(), || _ = torn_cache().remove((1,))];
        for clearing in clearings {
            for insert in [|| _ = torn(1), || torn_cache().insert((1,), 1)] {
                RUN.set(Some(clearing));
                assert!(catch_unwind(insert).is_err());
                assert!(!torn_cache().contains((1,)));
            }
        }
    }

    /// A clearing from the `Eq` of a key that is being kept is not lost.
    #[test]
    fn a_clearing_from_within_an_insertion_counts() {
        #[memoize(engine = Open(Mutex::default()))]
        fn cube(key: Key) -> u64 {
            if key.0 == 2 {
                RUN.set(Some(|| cube_cache().clear()));
            }
            key.0.pow(3)
        }
        cube(Key(1));
        assert_eq!(cube(Key(2)), 8);
        assert!(!cube_cache().contains((Key(1),)));
        assert!(!cube_cache().contains((Key(2),)));
    }
}

mod engines_that_fail {
    use super::*;

    /// Panics when it is told to, and keeps nothing.
    struct Failing(&'static AtomicBool);
    impl<K, V> Engine<K, V> for Failing {
        fn get<Q: Hash + Eq + ?Sized>(&self, _key: &Q) -> Option<V>
        where
            K: Borrow<Q>,
        {
            None
        }
        fn insert(&self, _key: K, _value: V) {
            assert!(!self.0.load(SeqCst), "full");
        }
        fn remove<Q: Hash + Eq + ?Sized>(&self, _key: &Q) -> bool
        where
            K: Borrow<Q>,
        {
            false
        }
        fn clear(&self) {}
    }

    static FAILS: AtomicBool = AtomicBool::new(true);

    #[memoize(engine = Failing(&FAILS), single_flight)]
    fn answer(n: u64) -> u64 {
        n
    }

    #[test]
    fn the_next_call_works() {
        watched("the_next_call_works", || {
            assert!(catch_unwind(|| answer(1)).is_err());
            FAILS.store(false, SeqCst);
            assert_eq!(answer(1), 1);
            answer_cache().clear();
            assert_eq!(answer(1), 1);
        });
    }
}

mod what_is_held {
    use super::*;

    static LIVE: AtomicUsize = AtomicUsize::new(0);

    struct Counted;
    impl Counted {
        fn new() -> Self {
            LIVE.fetch_add(1, SeqCst);
            Self
        }
    }
    impl Clone for Counted {
        fn clone(&self) -> Self {
            Self::new()
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, SeqCst);
        }
    }

    #[memoize(engine = Simple::new())]
    fn counted(_n: u64) -> Counted {
        Counted::new()
    }

    #[test]
    fn is_dropped_when_it_is_forgotten() {
        for n in 0..10 {
            counted(n);
            counted(n);
        }
        assert_eq!(LIVE.load(SeqCst), 10);
        assert!(counted_cache().remove((3,)));
        counted_cache().insert((4,), Counted::new());
        assert_eq!(LIVE.load(SeqCst), 9);
        counted_cache().clear();
        assert_eq!(LIVE.load(SeqCst), 0);
    }
}
