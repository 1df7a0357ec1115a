//! `store = expr`: the entries of a type-scoped function live outside of the process, as bytes. What a call does, what the accessor does,
//! and under which keys.

#[path = "support/flaky.rs"]
mod flaky;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    panic::catch_unwind,
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use flaky::Flaky;
use memo_runtime::{
    BoxError, Codec, ErrorKind, MemoryStore, Region, StoreError, caches, clock::advance, memoize,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("test", MemoryStore::new()));

/// Counts the bodies of one test.
struct Bodies(AtomicUsize);

impl Bodies {
    const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }
    fn run(&self) {
        self.0.fetch_add(1, SeqCst);
    }
    fn count(&self) -> usize {
        self.0.load(SeqCst)
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

mod keys {
    use super::*;

    static BODIES: Bodies = Bodies::new();

    #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct Id {
        shard: u8,
        name: String,
    }

    #[allow(clippy::too_many_arguments, reason = "one of each kind")]
    #[memoize(store = &REGION, unbounded)]
    fn all(
        text: &str,
        float: f64,
        floats: &[f32],
        pair: (u8, Option<f64>),
        id: &Id,
        owned: Id,
        path: &Path,
        rows: Vec<[f64; 3]>,
        unit: Option<()>,
        cow: Cow<'static, str>,
    ) -> String {
        BODIES.run();
        format!(
            "{text} {float} {floats:?} {pair:?} {id:?} {owned:?} {} {rows:?} {unit:?} {cow}",
            path.display()
        )
    }

    fn id(shard: u8) -> Id {
        Id { shard, name: "a".into() }
    }

    fn call(float: f64, shard: u8, unit: Option<()>) -> String {
        let rows = vec![[1.0, f64::NAN, -0.0]];
        let path = PathBuf::from("/a/b");
        all(
            "t",
            float,
            &[1.5],
            (1, Some(2.5)),
            &id(shard),
            id(7),
            &path,
            rows,
            unit,
            Cow::Borrowed("c"),
        )
    }

    #[test]
    fn of_every_kind_are_found_and_told_apart() {
        // MessagePack writes it as it writes `None`: it is not stored.
        assert_eq!(call(1.0, 1, Some(())), call(1.0, 1, Some(())));
        let before = BODIES.count();
        for _ in 0..2 {
            call(1.0, 1, None);
            call(f64::NAN, 1, None);
            call(0.0, 1, None);
            call(-0.0, 1, None);
            call(1.0, 2, None);
        }
        assert_eq!(BODIES.count() - before, 5);
    }

    #[derive(Serialize, Deserialize)]
    struct NotClone(String);

    static MOVED: Bodies = Bodies::new();

    /// Neither the argument nor the result is `Clone`.
    #[memoize(store = &REGION, unbounded)]
    fn moved(key: KeyOnly) -> NotClone {
        MOVED.run();
        NotClone(key.0)
    }

    #[derive(PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct KeyOnly(String);

    #[test]
    fn need_no_clone() {
        for _ in 0..2 {
            assert_eq!(moved(KeyOnly("a".into())).0, "a");
        }
        assert_eq!(MOVED.count(), 1);
    }

    /// Its bytes do not say all of it.
    #[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct Lossy(u8, #[serde(skip)] u8);

    #[memoize(store = &REGION, unbounded)]
    fn lossy(key: Lossy) -> u8 {
        key.0 + key.1
    }

    #[test]
    fn are_compared_by_eq_and_not_by_their_bytes() {
        for _ in 0..2 {
            for (left, right) in [(1, 1), (1, 2), (1, 0)] {
                assert_eq!(lossy(Lossy(left, right)), left + right);
            }
        }
        assert_eq!(lossy_cache().get((Lossy(1, 1),)).unwrap(), None);
        assert_eq!(lossy_cache().get((Lossy(1, 0),)).unwrap(), Some(1));
        let error = lossy_cache().insert((Lossy(1, 1),), 2).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert_eq!(lossy_cache().info().errors, Some(4));
    }

    struct Shop {
        rate: u64,
    }

    #[memoize]
    impl Shop {
        #[memoize(scope = "type", store = &REGION, ttl = "1h", reads(rate: u64), skip(_log), stats)]
        fn gross(&self, net: u64, _log: &dyn Fn()) -> u64 {
            net + net * self.rate / 100
        }
        #[memoize(store = &REGION, unbounded, key(id: u64 = user.0))]
        fn greeting(user: &(u64, String)) -> String {
            format!("Dear {}", user.1)
        }
        #[memoize(store = &REGION, unbounded)]
        fn nothing() -> Vec<u8> {
            vec![1, 2]
        }
    }

    #[test]
    fn are_what_reads_skip_and_key_say() {
        assert_eq!(Shop { rate: 20 }.gross(50, &|| ()), 60);
        assert_eq!(Shop { rate: 20 }.gross(50, &|| ()), 60);
        assert_eq!(Shop { rate: 10 }.gross(50, &|| ()), 55);
        assert_eq!(Shop::gross_cache().info().hits, Some(1));
        assert_eq!(Shop::gross_cache().get((20, 50)).unwrap(), Some(60));
        Shop::greeting(&(7, "Ada".into()));
        assert_eq!(Shop::greeting(&(7, "Eve".into())), "Dear Ada");
        assert_eq!((Shop::nothing(), Shop::nothing()), (vec![1, 2], vec![1, 2]));
        assert_eq!(Shop::nothing_cache().get(()).unwrap(), Some(vec![1, 2]));
    }
}

mod results {
    use super::*;

    static BODIES: Bodies = Bodies::new();

    #[memoize(store = &REGION, ttl = "5m", stats)]
    fn rate(from: &str) -> Result<f64, std::fmt::Error> {
        BODIES.run();
        if from.is_empty() { Err(std::fmt::Error) } else { Ok(1.5) }
    }

    /// An error has no serde.
    #[test]
    fn an_err_stays_in_the_process() {
        for _ in 0..2 {
            assert!(rate("").is_err());
            assert_eq!(rate("EUR"), Ok(1.5));
        }
        assert_eq!(BODIES.count(), 3);
        assert_eq!(rate_cache().get(("",)).unwrap(), None);
        assert_eq!(
            rate_cache().info().to_string(),
            "hits=1 misses=3 evictions=- len=- capacity=unbounded errors=0"
        );
    }

    static SOME: Bodies = Bodies::new();

    #[memoize(store = &REGION, unbounded, cache_if = Option::is_some)]
    fn some(n: u8) -> Option<BTreeMap<String, u8>> {
        SOME.run();
        (n > 0).then(|| BTreeMap::from([("n".into(), n)]))
    }

    #[test]
    fn cache_if_decides() {
        for _ in 0..2 {
            assert_eq!(some(0), None);
            assert_eq!(some(1).expect("it is there")["n"], 1);
        }
        assert_eq!(SOME.count(), 3);
    }

    static ASYNC: Bodies = Bodies::new();

    #[memoize(store = &REGION, ttl = |name: &String| Duration::from_secs(3600 * name.len() as u64), single_flight)]
    async fn profile(user: u64) -> Result<String, String> {
        ASYNC.run();
        tokio::task::yield_now().await;
        if user == 0 {
            Err("nobody".into())
        } else {
            Ok("x".repeat(usize::try_from(user).unwrap()))
        }
    }

    #[test]
    fn of_futures() {
        fn is_send<F: Future + Send>(future: F) -> F {
            future
        }
        block_on(async {
            for _ in 0..2 {
                assert_eq!(is_send(profile(3)).await.as_deref(), Ok("xxx"));
                assert!(profile(0).await.is_err());
            }
            assert_eq!(ASYNC.count(), 3);
            let cache = profile_cache();
            assert_eq!(cache.get((3,)).await.unwrap().as_deref(), Some("xxx"));
            cache.insert((4,), "yyyy".into()).await.unwrap();
            assert_eq!(profile(4).await.as_deref(), Ok("yyyy"));
            assert!(cache.remove((4,)).await.unwrap());
            assert!(!cache.remove((4,)).await.unwrap());
            cache.clear().await.unwrap();
            assert_eq!(cache.get((3,)).await.unwrap(), None);
            assert_eq!(cache.info().errors, Some(0));
        });
    }
}

mod time {
    use super::*;

    static STORE: LazyLock<Region<Flaky>> = LazyLock::new(|| Region::new("time", Flaky::default()));
    static BODIES: Bodies = Bodies::new();

    #[memoize(store = &STORE, ttl = "30s")]
    fn dear(n: u64) -> u64 {
        BODIES.run();
        n
    }

    #[memoize(store = &STORE, ttl = Duration::ZERO)]
    fn never(n: u64) -> u64 {
        n
    }

    /// One test, as they share the clock and the store.
    #[test]
    fn no_entry_is_older_than_its_ttl() {
        let body = |n| {
            let before = BODIES.count();
            dear(n);
            BODIES.count() > before
        };
        assert!(body(1));
        assert_eq!(STORE.store().last_ttl(), Some(Duration::from_secs(30)));
        advance(Duration::from_millis(29_999));
        assert!(!body(1));
        advance(Duration::from_millis(1));
        assert_eq!(dear_cache().get((1,)).unwrap(), None);
        assert!(body(1));

        // Though the store has kept it.
        STORE.store().replace(|bytes| bytes);
        advance(Duration::from_secs(30));
        assert!(body(1));

        // The accessor's values too.
        dear_cache().insert((2,), 7).unwrap();
        assert_eq!(dear(2), 7);
        advance(Duration::from_secs(30));
        assert!(body(2));

        let writes = STORE.store().used().1;
        never(1);
        assert_eq!(STORE.store().used().1, writes);
        assert_eq!(never_cache().get((1,)).unwrap(), None);
    }
}

mod accessor {
    use super::*;

    static STORE: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("accessor", Flaky::default()));

    #[memoize(store = &STORE, unbounded)]
    fn length(text: &str) -> usize {
        text.len()
    }

    #[memoize(store = &STORE, unbounded)]
    fn lengths(text: &str) -> usize {
        text.len()
    }

    #[test]
    fn reports_and_does() -> Result<(), StoreError> {
        length("abc");
        lengths("abc");
        assert_eq!(length_cache().get(("abc",))?, Some(3));
        length_cache().insert(("abc",), 4)?;
        assert_eq!(length("abc"), 4);
        assert!(length_cache().remove(("abc",))?);
        assert!(!length_cache().remove(("abc",))?);
        assert_eq!(length("abc"), 3);
        length_cache().clear()?;
        assert_eq!(length_cache().get(("abc",))?, None);
        assert_eq!(lengths_cache().get(("abc",))?, Some(3), "a name that begins the same");

        let listed = caches().find(|cache| cache.name() == "length").expect("it is listed");
        length("abc");
        assert!(!listed.clear());
        assert_eq!(length_cache().get(("abc",))?, Some(3));

        STORE.store().fail(true, true);
        let kinds = [
            length_cache().get(("abc",)).unwrap_err().kind(),
            length_cache().insert(("abc",), 1).unwrap_err().kind(),
            length_cache().remove(("abc",)).unwrap_err().kind(),
            length_cache().clear().unwrap_err().kind(),
        ];
        assert_eq!(kinds, [ErrorKind::Read, ErrorKind::Write, ErrorKind::Write, ErrorKind::Write]);
        let error = length_cache().get(("abc",)).unwrap_err();
        assert_eq!(error.cache(), "length");
        assert_eq!(error.to_string(), "cannot read an entry of `length`: cannot be read");
        assert_eq!(length_cache().info().errors, Some(0), "only those of calls are counted");
        // The gate was not asked, and not shut.
        STORE.store().fail(false, false);
        let reads = STORE.store().used().0;
        assert_eq!(length("abc"), 3);
        assert_eq!(STORE.store().used().0, reads + 1);
        Ok(())
    }
}

mod identity {
    use super::*;

    static STORE: LazyLock<Region<Flaky>> = LazyLock::new(|| Region::new("who", Flaky::default()));

    struct Grid<T, const N: usize>(std::marker::PhantomData<T>);

    trait Shown {
        fn shown() -> String;
    }
    trait Named {
        fn shown() -> String;
    }

    #[memoize]
    impl<T: 'static, const N: usize> Grid<T, N> {
        #[memoize(store = &STORE, unbounded)]
        fn size(times: usize) -> usize {
            size_of::<T>() * N * times
        }
        #[memoize(store = &STORE, unbounded, name = "cells", version = 3)]
        fn cells() -> usize {
            N
        }
    }

    #[memoize]
    impl<T: 'static, const N: usize> Shown for Grid<T, N> {
        #[memoize(store = &STORE, unbounded)]
        fn shown() -> String {
            "shown".into()
        }
    }

    #[memoize]
    impl<T: 'static, const N: usize> Named for Grid<T, N> {
        #[memoize(store = &STORE, unbounded)]
        fn shown() -> String {
            "named".into()
        }
    }

    #[memoize(store = &STORE, unbounded, name = "a:b", version = "x y")]
    fn named(n: u8) -> u8 {
        n
    }

    /// One test, as it looks at the last key.
    #[test]
    fn tells_functions_types_and_traits_apart() {
        let key = || STORE.store().last_key();
        named(1);
        assert!(key().starts_with("who:a%3Ab:x%20y:msgpack:"), "{}", key());
        assert_eq!(Grid::<u8, 2>::size(1), 2);
        let path = key();
        let path = path.split(':').nth(1).expect("the path");
        assert!(
            path.starts_with("store%3A%3Aidentity%3A%3AGrid%3Cu8") && path.ends_with("size"),
            "{path}"
        );
        assert_eq!(Grid::<u8, 3>::size(1), 3);
        assert_eq!(Grid::<u16, 2>::size(1), 4);
        assert_eq!((Grid::<u8, 1>::cells(), Grid::<u8, 2>::cells()), (1, 2));
        assert!(key().contains(":3:msgpack:"));
        for _ in 0..2 {
            assert_eq!(<Grid<u8, 1> as Shown>::shown(), "shown");
            assert_eq!(<Grid<u8, 1> as Named>::shown(), "named");
        }
    }

    mod versions {
        use super::*;

        static STORE: LazyLock<Region<Flaky>> =
            LazyLock::new(|| Region::new("versions", Flaky::default()));

        mod first {
            use super::*;
            #[memoize(store = &STORE, unbounded, name = "built")]
            pub fn f(n: u8) -> u8 {
                n + 1
            }
        }

        #[test]
        fn a_second_function_of_a_name_panics() {
            mod second {
                use super::*;
                #[memoize(store = &STORE, unbounded, name = "built")]
                pub fn f(n: u8) -> u8 {
                    n + 2
                }
            }
            assert_eq!(first::f(1), 2);
            let panic = catch_unwind(|| second::f(1)).unwrap_err();
            let said = panic.downcast_ref::<String>().expect("a text");
            assert!(
                said.contains("two caches of the region `versions` are called `built`"),
                "{said}"
            );
            assert!(said.contains("name = \"…\""), "{said}");
            assert_eq!(first::f(1), 2);
        }

        #[test]
        fn so_do_functions_that_only_their_blocks_tell_apart() {
            fn first() -> u8 {
                #[memoize(store = &REGION, unbounded)]
                fn i() -> u8 {
                    1
                }
                i()
            }
            fn both() -> (u8, bool) {
                let one = {
                    #[memoize(store = &REGION, unbounded)]
                    fn i() -> u8 {
                        1
                    }
                    i()
                };
                let two = {
                    #[memoize(store = &REGION, unbounded)]
                    fn i() -> u8 {
                        2
                    }
                    catch_unwind(i).is_err()
                };
                (one, two)
            }
            assert_eq!(first(), 1);
            assert_eq!(both(), (1, true));
        }
    }
}

mod regions {
    use super::*;

    /// As JSON, which has no bytes.
    struct Json;
    impl Codec for Json {
        const NAME: &'static str = "json";
        fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError> {
            Ok(serde_json::to_vec(value)?)
        }
        fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError> {
            Ok(serde_json::from_slice(bytes)?)
        }
    }

    static JSON: LazyLock<Region<Flaky, Json>> =
        LazyLock::new(|| Region::new("json", Flaky::default()).codec());
    static SMALL: LazyLock<Region<Flaky>> =
        LazyLock::new(|| Region::new("small", Flaky::default()).max_value_len(100));

    #[memoize(store = &JSON, unbounded, stats)]
    fn in_json(text: &str) -> Vec<String> {
        vec![text.into()]
    }

    #[memoize(store = &SMALL, unbounded)]
    fn repeated(times: usize) -> String {
        "x".repeat(times)
    }

    #[memoize(store = Arc::new(Region::new("counted", MemoryStore::new())), unbounded, stats)]
    fn counted(n: u8) -> u8 {
        n
    }

    #[test]
    fn take_another_codec() {
        in_json("a");
        assert_eq!(in_json("a"), ["a"]);
        assert_eq!(in_json_cache().info().hits, Some(1));
        assert!(JSON.store().last_key().contains(":json:"));
        let debug = format!("{:?}", *JSON);
        assert!(debug.contains("\"json\""), "{debug}");
    }

    #[test]
    fn take_no_more_than_they_are_told() {
        assert_eq!(repeated(10).len(), 10);
        let writes = SMALL.store().used().1;
        assert_eq!(repeated(1000).len(), 1000);
        assert_eq!(SMALL.store().used().1, writes);
        assert_eq!(repeated_cache().info().errors, Some(1));
        let error = repeated_cache().insert((2000,), "x".repeat(2000)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
    }

    #[test]
    fn may_be_counted() {
        assert_eq!((counted(1), counted(1)), (1, 1));
        assert_eq!(counted_cache().info().hits, Some(1));
    }
}
