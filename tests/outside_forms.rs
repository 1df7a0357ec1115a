//! Functions with `engine` and `store` as people write them: the forms of the expression, of keys and of results.

#![deny(warnings)]
#![forbid(unsafe_code)]
use memo_runtime::{MemoryStore, Region, memoize};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, LazyLock, OnceLock};

fn make<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
    n: u64,
) -> moka::sync::Cache<K, V> {
    moka::sync::Cache::new(n)
}

struct S;
const SIZE: u64 = 10;
#[memoize]
impl S {
    const N: u64 = 5;
    fn engine<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>()
    -> moka::sync::Cache<K, V> {
        make(Self::N)
    }
    #[memoize(engine = Self::engine())]
    fn a(n: u64) -> u64 {
        n
    }
    #[memoize(engine = { let size = SIZE + Self::N; make(size) })]
    fn b(r#type: &str, HashLike(x): HashLike) -> String {
        [r#type, &x.to_string()].concat()
    }
    #[memoize(engine = make(if cfg!(test) { 1 } else { 2 }), accessor = false)]
    fn c(n: [f64; 3]) -> Option<Arc<str>> {
        Some(format!("{n:?}").into())
    }
    #[memoize(engine = make(3), accessor = dd)]
    pub fn d(&this: &[u32; 9]) -> Result<HashMap<String, f64>, Box<dyn std::error::Error>> {
        Ok(HashMap::from([(this[0].to_string(), 1.0)]))
    }
}
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
struct HashLike(u8);

static REGION: OnceLock<Region<MemoryStore>> = OnceLock::new();
fn region() -> &'static Region<MemoryStore> {
    REGION.get_or_init(|| Region::new("forms", MemoryStore::new()))
}
static ARC: LazyLock<Arc<Region<MemoryStore>>> =
    LazyLock::new(|| Arc::new(Region::new("arc", MemoryStore::new())));

macro_rules! cached {
    ($name:ident, $ttl:expr, $body:expr) => {
        #[memoize(store = region(), ttl = $ttl, stats)]
        fn $name(n: u64) -> u64 {
            $body + n
        }
    };
}
cached!(from_macro, "5m", 1 + 1);

#[memoize(store = Arc::clone(&ARC), unbounded, version = concat!("v", 1))]
fn in_arc(map: BTreeMap<String, Vec<Option<HashLike>>>) -> HashMap<u8, (String, [u8; 3])> {
    map.values().flatten().flatten().map(|h| (h.0, (String::new(), [0; 3]))).collect()
}

mod odd {
    use super::*;
    pub type Res<T> = Result<T, String>;
    #[memoize(store = region(), unbounded)]
    pub fn alias(n: u8) -> Res<u8> {
        if n == 0 { Err("zero".into()) } else { Ok(n) }
    }
    #[allow(dead_code, reason = "names that a type parameter may have")]
    struct K;
    #[allow(dead_code, reason = "as above")]
    struct V;
    pub trait Quote {
        fn quote(&self, n: u32) -> String;
    }
    pub struct Desk<'a> {
        pub name: &'a str,
        pub rate: u32,
    }
    #[memoize]
    impl Quote for Desk<'_> {
        #[memoize(scope = "type", store = region(), ttl = "1h", reads(rate: u32), single_flight)]
        fn quote(&self, n: u32) -> String {
            format!("{}", self.rate * n)
        }
    }
}
use odd::Quote;

#[memoize(capacity = 10)]
fn outer(n: u64) -> u64 {
    if n == 0 { 0 } else { S::a(n - 1) + inner(n - 1) }
}
#[memoize(store = region(), unbounded, single_flight)]
fn inner(n: u64) -> u64 {
    if n == 0 { 1 } else { outer(n - 1) + mid(n - 1) }
}
#[memoize(engine = make(100), single_flight)]
fn mid(n: u64) -> u64 {
    if n == 0 { 1 } else { inner(n - 1) }
}

#[memoize(store = region(), unbounded, cache_if = |v: &Vec<u8>| !v.is_empty(), skip(_log))]
fn skipping<'a>(text: &'a str, bytes: &'a [u8], _log: &mut_free::Log) -> Vec<u8> {
    [text.as_bytes(), bytes].concat()
}
mod mut_free {
    pub struct Log;
}

mod kinds {
    use std::{
        net::IpAddr,
        num::NonZeroU8,
        ops::Range,
        path::PathBuf,
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
        time::{Duration, SystemTime},
    };

    use serde::{Deserialize, Serialize};

    use super::{memoize, region};

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    pub enum Tagged {
        Circle { radius: f64 },
        Unit,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    pub enum Untagged {
        Number(i64),
        Text(String),
        Pair { left: Option<i8>, right: u64 },
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "t", content = "c", rename_all = "camelCase")]
    pub enum Adjacent {
        SomeText(String),
        Nothing,
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Everything {
        pub tagged: Vec<Tagged>,
        pub untagged: Vec<Untagged>,
        pub adjacent: Vec<Adjacent>,
        #[serde(flatten)]
        pub flat: Flat,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub left_out: Option<String>,
        #[serde(rename = "type")]
        pub renamed: char,
        pub json: serde_json::Value,
        pub large: (u128, i128),
        pub time: (Duration, SystemTime),
        pub address: IpAddr,
        pub range: Range<u8>,
        pub path: PathBuf,
        pub nonzero: Option<NonZeroU8>,
        pub unit: (),
    }
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Flat {
        pub x: f32,
        pub y: Option<f32>,
    }

    pub static BODIES: AtomicUsize = AtomicUsize::new(0);

    #[memoize(store = region(), unbounded)]
    pub fn everything(large: u128, letter: char, address: IpAddr, span: Duration) -> Everything {
        BODIES.fetch_add(1, SeqCst);
        Everything {
            tagged: vec![Tagged::Circle { radius: 1.5 }, Tagged::Unit],
            untagged: vec![
                Untagged::Number(-1),
                Untagged::Text("t".into()),
                Untagged::Pair { left: None, right: 7 },
            ],
            adjacent: vec![Adjacent::SomeText("s".into()), Adjacent::Nothing],
            flat: Flat { x: 0.5, y: None },
            left_out: None,
            renamed: letter,
            json: serde_json::json!({ "a": [1, null, "b", 2.5], "c": { "d": true } }),
            large: (large, -1),
            time: (span, SystemTime::UNIX_EPOCH + span),
            address,
            range: 1..3,
            path: "/a/b".into(),
            nonzero: NonZeroU8::new(3),
            unit: (),
        }
    }
}

#[test]
fn results_of_every_kind_come_back_as_they_were() {
    let call = || {
        let address = std::net::Ipv4Addr::LOCALHOST.into();
        kinds::everything(1 << 100, 'ü', address, std::time::Duration::from_nanos(1_500_000_001))
    };
    assert_eq!(call(), call());
    assert_eq!(kinds::BODIES.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(kinds::everything_cache().info().errors, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_share_an_entry() {
    #[memoize(store = region(), ttl = "1m", single_flight)]
    async fn fetch(url: String, retries: u8) -> Result<Vec<u8>, std::io::Error> {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        let _ = retries;
        Ok(url.into_bytes())
    }
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(fetch("u".into(), 1))).collect();
    for t in tasks {
        assert_eq!(t.await.unwrap().unwrap(), b"u");
    }
    assert_eq!(fetch_cache().get(("u".to_owned(), 1)).await.unwrap(), Some(b"u".to_vec()));
}

#[test]
fn each_form_is_kept_and_found_again() {
    assert_eq!(S::a(1), 1);
    assert_eq!(S::b("x", HashLike(1)), "x1");
    S::c([1.0; 3]);
    S::d(&[1; 9]).unwrap();
    assert!(S::dd().info().len.is_some());
    assert_eq!(from_macro(1), 3);
    assert_eq!(from_macro(1), 3);
    assert_eq!(from_macro_cache().info().hits, Some(1));
    let map = BTreeMap::from([("a".to_owned(), vec![Some(HashLike(1)), None])]);
    assert_eq!(in_arc(map.clone()), in_arc(map));
    assert_eq!(odd::alias(0), odd::alias(0));
    assert_eq!(odd::alias(1), Ok(1));
    assert_eq!(odd::alias_cache().get((0,)).unwrap(), None);
    let name = String::from("n");
    let desk = odd::Desk { name: &name, rate: 2 };
    assert_eq!(desk.quote(4), "8");
    assert_eq!(desk.name, "n");
    assert_eq!(outer(20), outer(20));
    assert_eq!(skipping("a", b"b", &mut_free::Log), b"ab");
}
