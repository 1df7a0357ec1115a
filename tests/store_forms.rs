//! `store = …` as people write it: forms of the expression, names of the user's own, and futures.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

#[path = "support/flaky.rs"]
mod flaky;

use std::{
    fmt,
    sync::{Arc, LazyLock, OnceLock},
    time::Duration,
};

use flaky::Flaky;
use memo_runtime::{MemoryStore, MessagePack, Region, memoize};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("forms", MemoryStore::new()));

mod expressions {
    use super::*;

    static LAZY: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("lazy", MemoryStore::new()));
    static ONCE: OnceLock<Region<MemoryStore>> = OnceLock::new();
    static SHARED: LazyLock<Arc<Region<MemoryStore>>> =
        LazyLock::new(|| Arc::new(Region::new("shared", MemoryStore::new())));
    static WITH_CODEC: LazyLock<Region<Flaky, MessagePack>> =
        LazyLock::new(|| Region::new("codec", Flaky::default()));

    fn once() -> &'static Region<MemoryStore> {
        ONCE.get_or_init(|| Region::new("once", MemoryStore::new()))
    }
    fn owned<B: Send + Sync + 'static>(store: B) -> Arc<Region<B>> {
        Arc::new(Region::new("owned", store).retry_after(Duration::from_secs(2)))
    }
    macro_rules! region {
        ($name:literal) => {
            Arc::new(Region::new($name, MemoryStore::new()))
        };
        (leak $name:literal) => {
            Box::leak(Box::new(Region::new($name, MemoryStore::new())))
        };
    }
    struct App;
    impl App {
        const REGION: &'static LazyLock<Region<MemoryStore>> = &LAZY;
        fn region() -> &'static Region<MemoryStore> {
            &LAZY
        }
    }

    macro_rules! hits {
        ($($cache:expr),* $(,)?) => { $( assert_eq!($cache.info().hits, Some(1), stringify!($cache)); )* };
    }

    #[memoize(store = &LAZY, ttl = "5m", stats)]
    fn of_lazy(n: u8) -> u8 {
        n
    }
    #[memoize(store = &*LAZY, ttl = "5m", stats)]
    fn of_dereferenced(n: u8) -> u8 {
        n
    }
    #[memoize(store = once(), ttl = "5m", stats)]
    fn of_function(n: u8) -> u8 {
        n
    }
    #[memoize(store = SHARED.clone(), ttl = "5m", stats)]
    fn of_arc(n: u8) -> u8 {
        n
    }
    #[memoize(store = Arc::clone(&SHARED), ttl = "5m", stats)]
    fn of_arc_clone(n: u8) -> u8 {
        n
    }
    #[memoize(store = &**SHARED, ttl = "5m", stats)]
    fn of_twice_dereferenced(n: u8) -> u8 {
        n
    }
    #[memoize(store = region!("macro"), ttl = "5m", stats)]
    fn of_macro(n: u8) -> u8 {
        n
    }
    #[memoize(store = &*region!(leak "leak"), ttl = "5m", stats)]
    fn of_leak(n: u8) -> u8 {
        n
    }
    #[memoize(store = { let name = format!("b{}", 1); Arc::new(Region::new(name, MemoryStore::new())) }, ttl = "5m", stats)]
    fn of_block(n: u8) -> u8 {
        n
    }
    #[memoize(store = if cfg!(test) { &*LAZY } else { once() }, ttl = "5m", stats)]
    fn of_if(n: u8) -> u8 {
        n
    }
    #[memoize(store = match ONCE.get() { Some(region) => region, None => once() }, ttl = "5m", stats)]
    fn of_match(n: u8) -> u8 {
        n
    }
    #[memoize(store = owned(MemoryStore::new()), ttl = "5m", stats)]
    fn of_generic_function(n: u8) -> u8 {
        n
    }
    #[memoize(store = Arc::new(Region::new("builder", MemoryStore::default()).on_error(|error| eprintln!("{error}")).max_value_len(1 << 10)), ttl = "5m", stats)]
    fn of_builder(n: u8) -> u8 {
        n
    }
    #[memoize(store = App::REGION, ttl = "5m", stats)]
    fn of_constant(n: u8) -> u8 {
        n
    }
    #[memoize(store = App::region(), ttl = "5m", stats)]
    fn of_associated(n: u8) -> u8 {
        n
    }
    #[memoize(store = &WITH_CODEC, ttl = "5m", stats)]
    fn of_codec(n: u8) -> u8 {
        n
    }
    #[test]
    fn of_every_form() {
        for _ in 0..2 {
            assert_eq!([of_lazy(1), of_dereferenced(1), of_function(1), of_arc(1)], [1; 4]);
            assert_eq!([of_arc_clone(1), of_twice_dereferenced(1), of_macro(1)], [1; 3]);
            assert_eq!([of_leak(1), of_block(1), of_if(1), of_match(1)], [1; 4]);
            assert_eq!([of_generic_function(1), of_builder(1), of_constant(1)], [1; 3]);
            assert_eq!([of_associated(1), of_codec(1)], [1; 2]);
        }
        hits!(of_lazy_cache(), of_dereferenced_cache(), of_function_cache(), of_arc_cache());
        hits!(of_arc_clone_cache(), of_twice_dereferenced_cache(), of_macro_cache());
        hits!(of_leak_cache(), of_block_cache(), of_if_cache(), of_match_cache());
        hits!(of_generic_function_cache(), of_builder_cache(), of_constant_cache());
        hits!(of_associated_cache(), of_codec_cache());
    }
}

mod names {
    #![allow(non_camel_case_types, dead_code, non_snake_case, clippy::upper_case_acronyms)]
    use ::std::sync::LazyLock as Lazy;
    use memo_runtime::{MemoryStore, memoize};

    pub struct Result<T>(pub T);
    pub struct Option;
    pub struct Some;
    pub struct Ok;
    pub struct String;
    pub struct Vec;
    #[derive(
        Debug, ::core::clone::Clone, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize,
    )]
    pub struct K(pub u8);
    pub type V = u8;
    pub struct Region;
    pub struct StoreCache;
    pub struct Call;
    pub struct u64;
    pub trait Serialize {}
    pub trait Deserialize {}
    pub trait Clone {}
    pub trait Into {}
    pub trait Fn {}
    pub trait Send {}
    pub trait Sized {}
    pub mod std {}
    pub mod core {}
    pub mod serde {}
    pub mod memo {}
    pub static CACHE: u8 = 1;
    pub static NAME: u8 = 2;
    pub const VERSION: u8 = 3;
    pub fn name() -> u8 {
        4
    }
    pub fn version() -> u8 {
        5
    }
    pub fn store() -> u8 {
        6
    }
    #[allow(unused_macros)]
    macro_rules! panic {
        () => {
            compile_error!("not this one")
        };
    }
    #[allow(unused_macros)]
    macro_rules! format {
        () => {
            compile_error!("not this one")
        };
    }
    static REGION: Lazy<memo_runtime::Region<MemoryStore>> =
        Lazy::new(|| memo_runtime::Region::new("names", MemoryStore::new()));

    #[memoize(store = &REGION, unbounded, version = VERSION, name = "type")]
    pub fn r#type(name: u8, version: u8, store: V, cache: u8, body: u8, key: u8) -> u8 {
        name + version + store + cache + body + key + CACHE + self::name()
    }
    #[memoize(store = &REGION, unbounded, version = version(), stats)]
    pub fn r#match(r#fn: u8, K(k): K, args: V, value: V) -> V {
        r#fn + k + args + value
    }
    #[test]
    fn of_the_users_do_not_matter() {
        for _ in 0..2 {
            assert_eq!(r#type(1, 2, 3, 4, 5, 6), 26);
            assert_eq!(r#match(1, K(2), 3, 4), 10);
        }
        assert_eq!(match_cache().info().hits, ::core::option::Option::Some(1));
    }
}

mod futures {
    use super::*;

    #[async_trait::async_trait]
    trait Api {
        async fn user(&self, id: u64) -> Result<String, fmt::Error>;
    }
    struct Http {
        base: String,
    }
    #[memoize]
    impl Http {
        #[memoize(scope = "type", store = &REGION, ttl = "1m", single_flight, reads(base: String), stats)]
        async fn cached(&self, id: u64) -> Result<String, fmt::Error> {
            tokio::task::yield_now().await;
            if id == 0 { Err(fmt::Error) } else { Ok(format!("{}/{id}", self.base)) }
        }
    }
    #[async_trait::async_trait]
    impl Api for Http {
        async fn user(&self, id: u64) -> Result<String, fmt::Error> {
            self.cached(id).await
        }
    }
    #[memoize(store = &REGION, ttl = |names: &Vec<String>| Duration::from_secs(names.len() as u64))]
    async fn names(api: &str) -> Vec<String> {
        tokio::task::yield_now().await;
        vec![api.to_string()]
    }
    /// `Arc<dyn Api>` as services hold it.
    async fn serve(api: Arc<dyn Api + Send + Sync>) -> Vec<Result<String, fmt::Error>> {
        let tasks: Vec<_> = [1, 0, 1, 2]
            .into_iter()
            .map(|id| {
                let api = Arc::clone(&api);
                tokio::spawn(async move { api.user(id).await })
            })
            .collect();
        let mut users = vec![];
        for task in tasks {
            users.push(task.await.expect("no panic"));
        }
        users
    }
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_services() {
        let api = Arc::new(Http { base: "http".into() });
        for _ in 0..2 {
            let users = serve(api.clone()).await;
            assert_eq!(
                users,
                [Ok("http/1".into()), Err(fmt::Error), Ok("http/1".into()), Ok("http/2".into())]
            );
        }
        assert_eq!(names("a").await, names("a").await);
        Http::cached_cache().remove(("http".into(), 1)).await.unwrap();
        assert_eq!(
            Http::cached_cache().get(("http".into(), 2)).await.unwrap().as_deref(),
            Some("http/2")
        );
    }
}
