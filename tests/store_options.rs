//! Options in options, as results: many codecs write `Some(None)` as `None`. What would be read wrongly is not stored, and computed again.
#![allow(clippy::option_option, reason = "they are what is tested")]

#[path = "support/codecs.rs"]
mod codecs;

use std::{
    collections::{HashMap, HashSet},
    fmt::Debug,
    sync::{Barrier, LazyLock, Mutex},
    thread,
};

use codecs::{Json, Postcard};
use memo_runtime::{ErrorKind, MemoryStore, Region, memoize};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("options", MemoryStore::new()));
static TEXTS: LazyLock<Region<MemoryStore, Json>> =
    LazyLock::new(|| Region::new("options", MemoryStore::new()).codec::<Json>());
static PLACES: LazyLock<Region<MemoryStore, Postcard>> =
    LazyLock::new(|| Region::new("options", MemoryStore::new()).codec::<Postcard>());

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct List(Option<Box<List>>);
fn list(len: usize) -> List {
    (0..len).fold(List(None), |list, _| List(Some(Box::new(list))))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Patch {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default)]
    note: Option<Option<String>>,
}

/// What comes out of each codec for each value: it, and whether it was found.
fn round<T: Debug + Clone + PartialEq + Send + Serialize + DeserializeOwned + 'static>(
    value: &T,
) -> [bool; 3] {
    struct Of<T>(T);
    #[memoize]
    impl<T: Clone + Send + Serialize + DeserializeOwned + 'static> Of<T> {
        #[memoize(store = &REGION, unbounded, stats, skip(value))]
        fn named(_n: u64, value: &T) -> T {
            value.clone()
        }
        #[memoize(store = &TEXTS, unbounded, stats, skip(value))]
        fn text(_n: u64, value: &T) -> T {
            value.clone()
        }
        #[memoize(store = &PLACES, unbounded, stats, skip(value))]
        fn places(_n: u64, value: &T) -> T {
            value.clone()
        }
    }
    // Tests share the counts of a type.
    static TURN: Mutex<u64> = Mutex::new(0);
    let mut turn = TURN.lock().unwrap();
    *turn += 1;
    let hits = |call: &dyn Fn() -> T, hits: &dyn Fn() -> Option<u64>| {
        let before = hits();
        for _ in 0..2 {
            assert_eq!(call(), *value);
        }
        hits() > before
    };
    [
        hits(&|| Of::named(*turn, value), &|| Of::<T>::named_cache().info().hits),
        hits(&|| Of::text(*turn, value), &|| Of::<T>::text_cache().info().hits),
        hits(&|| Of::places(*turn, value), &|| Of::<T>::places_cache().info().hits),
    ]
}

#[test]
fn are_read_as_they_were_or_not_stored() {
    let in_one_codec = [false, false, true];
    assert_eq!(round(&Some(None::<String>)), in_one_codec);
    assert_eq!(round(&Some(())), in_one_codec);
    assert_eq!(round(&list(2)), in_one_codec);
    assert_eq!(round(&vec![Some(None), Some(Some(1)), None::<Option<u8>>]), in_one_codec);
    assert_eq!(round(&HashMap::from([(1_u8, Some(None::<u8>))])), in_one_codec);
    // Postcard does not read `Value`.
    assert_eq!(round(&Some(Value::Null)), [false; 3]);
    assert_eq!(round(&Some(f64::INFINITY)), [true, false, true]);
}

#[test]
fn of_which_nothing_is_lost_are_stored() {
    assert_eq!(round(&None::<Option<String>>), [true; 3]);
    assert_eq!(round(&Some(Some("x".to_owned()))), [true; 3]);
    assert_eq!(round(&Some(json!([1, null, { "a": null }]))), [true, true, false]);
    assert_eq!(round(&Patch { name: None, note: None }), [true, true, false]);
    assert_eq!(
        round(&Patch { name: Some(String::new()), note: Some(Some(String::new())) }),
        [true; 3]
    );
    let map: HashMap<u8, Option<u8>> = (0..100).map(|n| (n, (n % 3 > 0).then_some(n))).collect();
    assert_eq!(round(&map), [true; 3]);
    let set: HashSet<Vec<Option<u8>>> = (0..100).map(|n| vec![Some(n), None]).collect();
    assert_eq!(round(&set), [true; 3]);
}

#[memoize(store = &REGION, unbounded)]
fn middle_name(user: u8) -> Option<Option<String>> {
    (user == 1).then_some(None)
}
#[test]
fn that_cannot_be_stored_are_an_error() {
    assert_eq!((middle_name(1), middle_name(1)), (Some(None), Some(None)));
    assert_eq!(middle_name_cache().info().errors, Some(2));
    let error = middle_name_cache().insert((1,), Some(None)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    middle_name_cache().insert((1,), Some(Some("x".into()))).unwrap();
    assert_eq!(middle_name(1).flatten().as_deref(), Some("x"));
}

static BEGUN: Barrier = Barrier::new(2);
#[test]
fn are_what_those_get_who_wait() {
    #[memoize(store = &REGION, unbounded, single_flight, skip(first))]
    fn slow(key: u8, first: bool) -> Option<Option<u8>> {
        if first {
            BEGUN.wait();
            // Long enough that the other waits, as a rule; if it does not, nothing is wrong.
            (0..2000).for_each(|_| thread::yield_now());
        }
        (key == 1).then_some(None)
    }
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(slow(1, true), Some(None)));
        BEGUN.wait();
        assert_eq!(slow(1, false), Some(None));
    });
}
