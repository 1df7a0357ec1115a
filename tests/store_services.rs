//! `store = …` as people write it: results of services, types, traits and generic blocks.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use memo_runtime::{MemoryStore, Region, memoize};
use serde::{Deserialize, Serialize};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("services", MemoryStore::new()));

static BODIES: AtomicUsize = AtomicUsize::new(0);

mod results {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Id(Box<str>);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct Profile {
        user_id: Id,
        #[serde(rename = "type")]
        kind: Kind,
        tags: BTreeSet<Cow<'static, str>>,
        home: PathBuf,
        parent: Option<Box<Self>>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    pub enum Kind {
        Guest,
        Admin { level: u8 },
    }
    #[derive(Debug, PartialEq)]
    pub enum Error {
        Missing,
        Number(std::num::ParseIntError),
    }
    impl From<std::num::ParseIntError> for Error {
        fn from(error: std::num::ParseIntError) -> Self {
            Self::Number(error)
        }
    }
    type Result<T, E = Error> = std::result::Result<T, E>;

    #[memoize(store = &REGION, ttl = "5m", single_flight, stats)]
    fn profile(id: &Id, level: &str) -> Result<Profile> {
        if id.0.is_empty() {
            return Err(Error::Missing);
        }
        let level = level.parse()?;
        let kind = if level == 0 { Kind::Guest } else { Kind::Admin { level } };
        let parent = level.checked_sub(1).map(|n| profile(id, &n.to_string())).transpose()?;
        Ok(Profile {
            user_id: id.clone(),
            kind,
            tags: ["b".into(), "a".into()].into(),
            home: Path::new("/home").join(&*id.0),
            parent: parent.map(Box::new),
        })
    }
    #[memoize(store = &REGION, ttl = "5m", stats)]
    fn index(words: &[String]) -> HashMap<String, BTreeMap<usize, Vec<Id>>> {
        words.iter().map(|w| (w.clone(), [(w.len(), vec![Id(w.as_str().into())])].into())).collect()
    }
    #[memoize(store = &REGION, ttl = "5m", stats)]
    fn normal(path: &Path) -> PathBuf {
        path.components().collect()
    }
    #[memoize(store = &REGION, ttl = "5m", stats)]
    fn title(text: &str) -> Cow<'static, str> {
        if text.is_empty() { Cow::Borrowed("untitled") } else { Cow::Owned(text.to_uppercase()) }
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn boxed(n: usize) -> Box<[Option<Box<str>>]> {
        (0..n).map(|n| (n % 2 == 0).then(|| n.to_string().into())).collect()
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn std_result(text: &str) -> std::result::Result<u8, std::num::ParseIntError> {
        text.parse()
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn io(path: &str) -> std::io::Result<String> {
        if path.is_empty() { Err(std::io::ErrorKind::NotFound.into()) } else { Ok(path.into()) }
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn boxed_error(n: i8) -> std::result::Result<u8, Box<dyn std::error::Error + Send + Sync>> {
        Ok(n.try_into()?)
    }
    #[memoize(store = &REGION, unbounded, cache_if = |found: &Option<u8>| found.is_some(), stats)]
    fn found(n: u8) -> Option<u8> {
        n.checked_sub(1)
    }

    #[test]
    fn come_back_as_they_were() {
        let id = Id("ada".into());
        for _ in 0..2 {
            let got = profile(&id, "2").unwrap();
            assert_eq!(got.parent.unwrap().parent.unwrap().kind, Kind::Guest);
            assert_eq!(profile(&Id("".into()), "2"), Err(Error::Missing));
            assert!(matches!(profile(&id, "x"), Err(Error::Number(_))));
            assert_eq!(index(&["a".into()])["a"][&1], [Id("a".into())]);
            assert_eq!(normal(Path::new("a/./b")), Path::new("a/b"));
            assert_eq!((title(""), title("a")), ("untitled".into(), "A".into()));
            assert_eq!(boxed(2)[..], [Some("0".into()), None]);
            assert_eq!(std_result("1"), Ok(1));
            assert!(std_result("").is_err() && io("").is_err() && boxed_error(-1).is_err());
            assert_eq!(io("a").unwrap(), "a");
            assert_eq!(boxed_error(1).unwrap(), 1);
            assert_eq!((found(0), found(1)), (None, Some(0)));
        }
        let hits = |info: memo_runtime::CacheInfo| info.hits.unwrap();
        assert_eq!(hits(profile_cache().info()), 1);
        assert_eq!(hits(index_cache().info()), 1);
        assert_eq!(hits(normal_cache().info()), 1);
        assert_eq!(hits(title_cache().info()), 2);
        assert_eq!(hits(boxed_cache().info()), 1);
        assert_eq!(hits(std_result_cache().info()), 1);
        assert_eq!(hits(io_cache().info()), 1);
        assert_eq!(hits(boxed_error_cache().info()), 1);
        assert_eq!(hits(found_cache().info()), 1);
    }
}

mod services {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    enum Currency {
        Eur,
        Usd,
    }
    trait Rates {
        const SPREAD: u64;
        fn rate(from: Currency, to: Currency) -> u64;
    }
    trait Convert<T> {
        fn convert(n: u8) -> T;
    }
    struct Bank<const FEE: u64>;
    #[memoize]
    impl<const FEE: u64> Rates for Bank<FEE> {
        const SPREAD: u64 = FEE;
        #[memoize(store = &REGION, ttl = "5m", accessor = rates)]
        fn rate(from: Currency, to: Currency) -> u64 {
            BODIES.fetch_add(1, SeqCst);
            if from == to { 0 } else { Self::SPREAD }
        }
    }
    #[memoize]
    impl Convert<u16> for Bank<0> {
        #[memoize(store = &REGION, ttl = "5m")]
        fn convert(n: u8) -> u16 {
            u16::from(n) + 1
        }
    }
    #[memoize]
    impl Convert<String> for Bank<0> {
        #[memoize(store = &REGION, ttl = "5m")]
        fn convert(n: u8) -> String {
            n.to_string()
        }
    }
    struct Repo<T>(T);
    #[memoize]
    impl<T> Repo<T>
    where
        T: fmt::Debug + Default + Serialize + for<'a> Deserialize<'a> + Send + Sync + 'static,
    {
        #[memoize(store = &REGION, ttl = "5m", name = "repo.default")]
        fn default_of(n: usize) -> Vec<T> {
            (0..n).map(|_| T::default()).collect()
        }
    }
    struct Client {
        url: String,
        calls: AtomicUsize,
    }
    #[memoize]
    impl Client {
        #[memoize(scope = "type", store = &REGION, ttl = "5m", reads(url: String), single_flight)]
        fn fetch(&self, path: &str) -> Result<String, fmt::Error> {
            if path.is_empty() { Err(fmt::Error) } else { Ok(format!("{}/{path}", self.url)) }
        }
        fn count(&self) -> usize {
            self.calls.load(SeqCst)
        }
        #[memoize(store = &REGION, ttl = Duration::from_secs(60), key(id: String = client.url.clone()))]
        fn length(client: &Self) -> usize {
            client.url.len()
        }
    }

    #[test]
    fn keep_apart() {
        use Currency::{Eur, Usd};
        for _ in 0..2 {
            assert_eq!((Bank::<1>::rate(Eur, Usd), Bank::<2>::rate(Eur, Usd)), (1, 2));
            let (number, text): (u16, String) = (Bank::convert(7), Bank::convert(7));
            assert_eq!((number, text.as_str()), (8, "7"));
            assert_eq!(Repo::<u8>::default_of(2), [0, 0]);
            assert_eq!(Repo::<u64>::default_of(2), [0, 0]);
            assert_eq!(Repo::<String>::default_of(2), ["", ""]);
            let client = Client { url: "u".into(), calls: AtomicUsize::new(0) };
            assert_eq!(client.fetch("a").as_deref(), Ok("u/a"));
            assert!(client.fetch("").is_err());
            assert_eq!((Client::length(&client), client.count()), (1, 0));
            let _ = Repo(1_u8).0;
        }
        assert_eq!(BODIES.load(SeqCst), 2);
        Bank::<1>::rates().clear().unwrap();
        assert_eq!(Bank::<2>::rates().get((Eur, Usd)).unwrap(), Some(2));
        assert_eq!(Bank::<1>::rates().get((Eur, Usd)).unwrap(), None);
    }
}

/// An annotated struct is a result and a key, without its caches.
mod annotated {
    use super::*;

    #[memoize]
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct User {
        id: u64,
        name: String,
    }
    #[memoize]
    impl User {
        fn new(id: u64) -> Self {
            Self { id, name: id.to_string() }
        }
        #[memoize]
        fn length(&self) -> usize {
            self.name.len()
        }
        fn rename(&mut self, name: &str) {
            self.name = name.into();
        }
        #[memoize(store = &REGION, ttl = "5m", stats)]
        fn load(id: u64) -> Result<Self, String> {
            if id == 0 { Err("no".into()) } else { Ok(Self::new(id)) }
        }
        #[memoize(scope = "type", store = &REGION, ttl = "5m", reads(name: String), stats)]
        fn initial(&self) -> Option<char> {
            self.name.chars().next()
        }
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn rank(user: &User) -> u64 {
        user.id * 2
    }

    #[test]
    fn an_annotated_struct_comes_and_goes() {
        let mut user = User::load(12).unwrap();
        assert_eq!((user.length(), user.initial()), (2, Some('1')));
        user.rename("abc");
        assert_eq!((user.length(), user.initial()), (3, Some('a')));
        assert_eq!(User::load(12).unwrap(), User::new(12));
        assert_eq!(User::load(0), Err("no".into()));
        assert_eq!((rank(&user), rank(&user)), (24, 24));
        assert_eq!((User::load_cache().info().hits, rank_cache().info().hits), (Some(1), Some(1)));
        assert_eq!(User::initial_cache().get(("abc".into(),)).unwrap(), Some(Some('a')));
    }
}
