//! Engines as people write them: expressions, keys, results, names.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use std::{
    borrow::Cow,
    collections::BTreeMap,
    hash::{BuildHasherDefault, DefaultHasher, Hash},
    num::NonZeroU64,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use memo_runtime::memoize;
use moka::{notification::RemovalCause, sync::Cache};

/// Names that the expansion could also use.
mod names_of_the_users_own {
    use super::*;

    pub struct K(pub u64);
    pub struct V;
    #[derive(Clone, Debug, PartialEq)]
    pub struct Engine;
    pub type Result<T> = std::result::Result<T, V>;
    #[allow(dead_code)]
    enum Option {
        Some,
        None,
    }
    #[allow(dead_code)]
    trait Send {}
    fn engine() -> u64 {
        7
    }
    const ENTRIES: u64 = 5;
    const STORE: u64 = 5;

    #[memoize(engine = Cache::new(self::engine() + ENTRIES + STORE))]
    fn engine_of(r#type: u64, engine: u64, result: u64, args: u64) -> Result<Engine> {
        if r#type + engine + result + args == 0 {
            return Err(V);
        }
        Ok(Engine)
    }

    #[memoize(engine = { let key = 3; let value = 4; Cache::new(key * value) }, key(r#in: u64 = key.0 + value))]
    fn r#match(key: &K, value: u64) -> Engine {
        let _ = (key, value);
        Engine
    }

    #[test]
    fn are_theirs() {
        assert!(matches!(engine_of(1, 2, 3, 4), Ok(Engine)));
        assert!(engine_of_cache().contains((1, 2, 3, 4)));
        assert!(engine_of(0, 0, 0, 0).is_err());
        assert_eq!(r#match(&K(1), 2), Engine);
        assert!(match_cache().contains((3,)));
    }
}

/// What the expression may be.
mod expressions {
    use super::*;

    struct Settings {
        glyphs: u64,
        idle: Duration,
    }
    static SETTINGS: LazyLock<Settings> =
        LazyLock::new(|| Settings { glyphs: 32, idle: Duration::from_secs(3600) });

    impl Settings {
        fn cache<K, V>(&self) -> Cache<K, V, BuildHasherDefault<DefaultHasher>>
        where
            K: Hash + Eq + Send + Sync + 'static,
            V: Clone + Send + Sync + 'static,
        {
            Cache::builder()
                .name("glyphs")
                .max_capacity(self.glyphs)
                .time_to_idle(self.idle)
                .build_with_hasher(BuildHasherDefault::default())
        }
    }

    #[memoize(engine = SETTINGS.cache())]
    fn from_settings(path: &Path) -> PathBuf {
        path.with_extension("out")
    }

    macro_rules! lru {
        ($capacity:expr) => {
            quick_cache::sync::Cache::new($capacity * 1)
        };
    }

    #[memoize(engine = lru!(2 + 3))]
    fn from_a_macro(text: Cow<'static, str>) -> Box<str> {
        text.into()
    }

    #[memoize(engine = if cfg!(debug_assertions) { lru!(4) } else { lru!(400) })]
    fn from_a_condition(parts: &[Box<str>], deep: Option<&[u8]>) -> usize {
        parts.len() + deep.map_or(0, <[u8]>::len)
    }

    #[memoize(engine = [Some(8), None].into_iter().flatten().map(|capacity| Cache::new(capacity * 2)).next().expect("there is one"))]
    fn from_a_closure(of: (NonZeroU64, [f32; 2])) -> Arc<[f32]> {
        of.1.repeat(usize::try_from(of.0.get()).unwrap_or(0)).into()
    }

    #[memoize(engine = match std::env::var("NOT_SET").as_deref() { Ok(_) => Cache::new(0), Err(_) => Cache::new(9) })]
    fn from_a_match(name: String) -> Result<BTreeMap<String, u64>, std::num::ParseIntError> {
        let value = name.parse()?;
        Ok(BTreeMap::from([(name, value)]))
    }

    #[test]
    fn of_many_forms() {
        for _ in 0..2 {
            assert_eq!(from_settings(Path::new("a.in")), Path::new("a.out"));
            assert_eq!(&*from_a_macro("a".into()), "a");
            assert_eq!(from_a_condition(&["a".into()], Some(b"bc")), 3);
            assert_eq!(from_a_condition(&["a".into()], None), 1);
            assert_eq!(from_a_closure((NonZeroU64::MIN, [0.5, f32::NAN])).len(), 2);
            assert_eq!(from_a_match("12".into()).map(|map| map["12"]), Ok(12));
            assert!(from_a_match("x".into()).is_err());
        }
        let key = (NonZeroU64::MIN, [0.5, f32::NAN]);
        assert!(Arc::ptr_eq(&from_a_closure(key), &from_a_closure(key)));
        assert!(from_settings_cache().contains((Path::new("a.in"),)));
        assert!(!from_a_match_cache().contains(("x".into(),)));
        assert!(from_a_condition_cache().remove((&["a".into()], None)));
    }

    /// What weighs and listens does not name the key, and with `ttl` not the value either.
    fn weight<K, V: Deref<Target = Arc<str>>>(_key: &K, value: &V) -> u32 {
        u32::try_from(value.len()).unwrap_or(u32::MAX)
    }
    fn gone<K, V: Deref<Target = Arc<str>>>(_key: Arc<K>, value: V, _cause: RemovalCause) {
        GONE.fetch_add(value.len() as u64, SeqCst);
    }
    static GONE: AtomicU64 = AtomicU64::new(0);

    #[memoize(
        engine = Cache::builder().max_capacity(64).weigher(weight).eviction_listener(gone).build(),
        ttl = "1h",
        single_flight,
        stats
    )]
    fn weighed(length: usize) -> Arc<str> {
        "x".repeat(length).into()
    }

    #[test]
    fn with_weights_and_a_listener_beside_a_ttl() {
        let kept = weighed(10);
        assert!(Arc::ptr_eq(&kept, &weighed(10)));
        weighed_cache().remove((10,));
        assert_eq!(GONE.load(SeqCst), 10);
        assert_eq!(weighed_cache().info().hits, Some(1));
    }
}

/// Written by a macro, in a function, in a closure, beside a `cfg`.
mod places {
    use super::*;

    macro_rules! tables {
        ($($name:ident: $type:ty = $capacity:expr),* $(,)?) => {$(
            /// A table.
            #[memoize(engine = Cache::new($capacity), stats)]
            pub fn $name(n: $type) -> Option<$type> {
                n.checked_mul(n)
            }
        )*};
    }
    tables! { small: u8 = 4 * 4, large: u64 = 1 << 10 }

    #[memoize(engine = no_such_engine())]
    #[cfg(any())]
    fn left_out(n: u64) -> u64 {
        n
    }

    #[test]
    fn of_many_kinds() {
        fn twice() -> [u64; 2] {
            #[memoize(engine = Cache::new(2))]
            fn local(n: u64) -> u64 {
                n + 1
            }
            [local(1), local(1)]
        }
        let other = || {
            #[memoize(engine = quick_cache::sync::Cache::new(2))]
            fn local(n: u64) -> u64 {
                n + 2
            }
            local(1)
        };
        for _ in 0..2 {
            assert_eq!((small(15), small(16)), (Some(225), None));
            assert_eq!((large(16), large(1 << 40)), (Some(256), None));
            assert_eq!((twice(), other()), ([2, 2], 3));
        }
        assert_eq!((small_cache().info().hits, large_cache().info().misses), (Some(2), Some(2)));
    }
}

/// The expression of an engine calls what it is for: a panic that says so, not a thread that waits for itself.
mod an_expression_that_asks_for_itself {
    use super::*;

    static FIRST: AtomicUsize = AtomicUsize::new(0);

    fn warmed<K: Hash + Eq, V: Clone>() -> quick_cache::sync::Cache<K, V> {
        if FIRST.fetch_add(1, SeqCst) == 0 {
            square_cache().insert((1,), 1);
        }
        quick_cache::sync::Cache::new(10)
    }

    #[memoize(engine = warmed())]
    fn square(n: u64) -> u64 {
        n * n
    }

    #[test]
    fn is_told_so() {
        let panic = std::panic::catch_unwind(|| square(2)).unwrap_err();
        let said = panic.downcast_ref::<String>().expect("a text");
        assert!(said.contains("`square` needs the cache of `square`"), "{said}");
        assert_eq!(square(2), 4);
    }
}
