//! Results and parts of keys whose serde or equality is odd: what comes back from a store is what was computed, or it is computed again.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ffi::OsString,
    hash::{Hash, Hasher},
    net::{IpAddr, SocketAddr},
    num::{NonZeroU8, Wrapping},
    ops::{Bound, RangeInclusive},
    path::PathBuf,
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use memo_runtime::{ErrorKind, MemoryStore, Region, memoize};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("values", MemoryStore::new()));

mod results {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Null(()),
        Small(i8),
        Big(i64),
        Float(f64),
        Text(String),
        Fields { x: Option<u8> },
    }
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "t")]
    enum Internal {
        A { x: Option<u8>, y: Vec<f32> },
        B,
    }
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        A(Option<u8>, u8),
        B { z: u8 },
        C,
    }
    #[derive(Debug, Serialize, Deserialize)]
    enum External {
        Unit,
        New(Option<u8>),
        Tuple(u8, Option<bool>),
        Fields { a: Option<char> },
    }
    #[derive(Debug, Serialize, Deserialize)]
    struct Flat {
        a: u8,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    #[derive(Debug, Serialize, Deserialize)]
    struct Inner {
        b: Option<u8>,
        #[serde(rename = "see", alias = "sea")]
        c: i64,
    }
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(default)]
    struct Skipping {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u8>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        b: Vec<u8>,
        #[serde(skip)]
        c: u8,
    }
    impl Default for Skipping {
        fn default() -> Self {
            Self { a: None, b: vec![], c: 7 }
        }
    }
    #[derive(Debug, Clone, Serialize, Deserialize)]
    #[serde(from = "u8", into = "u8")]
    struct Via(u8);
    impl From<u8> for Via {
        fn from(number: u8) -> Self {
            Self(number)
        }
    }
    impl From<Via> for u8 {
        fn from(via: Via) -> u8 {
            via.0
        }
    }
    #[derive(Debug, Serialize, Deserialize)]
    enum Tree {
        Leaf,
        Node(Box<Tree>, Box<Tree>),
    }

    /// Each value is stored, found, and as it was.
    macro_rules! are_stored {
        ($($name:ident: $type:ty = $($value:expr),+;)+) => { $(
            #[test]
            fn $name() {
                #[memoize(store = &REGION, unbounded, stats)]
                fn value(number: usize) -> $type {
                    [$(|| $value),+][number]()
                }
                for number in 0..[$(stringify!($value)),+].len() {
                    let computed = format!("{:?}", value(number));
                    assert_eq!(format!("{:?}", value(number)), computed);
                    assert_eq!(value_cache().info().hits, Some(number as u64 + 1));
                }
            }
        )+ };
    }
    are_stored! {
        untagged: Untagged = Untagged::Null(()), Untagged::Small(1), Untagged::Big(1 << 40), Untagged::Float(1.0),
            Untagged::Float(-0.0), Untagged::Text("1".into()), Untagged::Fields { x: None };
        internal: Internal = Internal::A { x: None, y: vec![1.0] }, Internal::A { x: Some(1), y: vec![] }, Internal::B;
        adjacent: Adjacent = Adjacent::A(None, 1), Adjacent::B { z: 1 }, Adjacent::C;
        external: External = External::Unit, External::New(None), External::New(Some(1)), External::Tuple(1, None),
            External::Fields { a: Some('\0') };
        flat: Flat = Flat { a: 1, inner: Inner { b: None, c: -3 }, rest: [("d".into(), json!([1, null, { "e": -1.5 }]))].into() };
        skipping: Skipping = Skipping::default(), Skipping { a: Some(1), b: vec![1], c: 7 };
        via: (Via, Vec<Via>, [Option<Via>; 2]) = (Via(1), vec![Via(2)], [None, Some(Via(3))]);
        tree: Tree = Tree::Node(Tree::Leaf.into(), Tree::Node(Tree::Leaf.into(), Tree::Leaf.into()).into());
        value: Value = json!(null), json!(1u8), json!(1.0), json!(u64::MAX), json!({ "b": [true, "x", 1e300, -1], "a": {} });
        floats: (f64, f32) = (f64::NAN, f32::NAN), (-0.0, -0.0), (f64::MIN_POSITIVE / 2.0, 1e-45), (f64::INFINITY, f32::NEG_INFINITY);
        wide: (u128, Wrapping<i128>, u64, i64) = (u128::MAX, Wrapping(i128::MIN), u64::MAX, i64::MIN), (0, Wrapping(-1), 1 << 63, -1);
        texts: (char, String, Box<[char]>, Vec<u8>) = ('\u{10ffff}', "\0é\u{feff}".into(), ['a', '\0'].into(), vec![0, 255]);
        paths: (PathBuf, Box<str>, Cow<'static, str>, OsString) = ("a//b/../".into(), "x".into(), "y".into(), "z".into());
        maps: HashMap<(u8, Option<bool>), BTreeMap<i8, char>> = [((1, None), [(-1, 'a')].into())].into(), HashMap::new();
        times: (Duration, SystemTime) = (Duration::MAX, UNIX_EPOCH), (Duration::from_nanos(1), UNIX_EPOCH + Duration::from_nanos(1));
        addresses: (IpAddr, SocketAddr, NonZeroU8) = ("::1".parse().unwrap(), "127.0.0.1:1".parse().unwrap(), NonZeroU8::MIN);
        bounds: (Bound<u8>, RangeInclusive<i8>) = (Bound::Included(1), -1..=1), (Bound::Unbounded, 0..=0);
        outcomes: Option<Result<Option<u8>, u8>> = None, Some(Ok(None)), Some(Err(1)), Some(Ok(Some(0)));
        arrays: ([u8; 32], [(); 0], (u8,)) = ([7; 32], [], (1,));
    }

    #[memoize(store = &REGION, unbounded)]
    fn time(before: u64) -> Result<SystemTime, u8> {
        Ok(UNIX_EPOCH - Duration::from_secs(before))
    }
    /// Serde writes no moment before 1970.
    #[test]
    fn that_cannot_be_written_are_computed() {
        assert_eq!(time(1), time(1));
        assert_eq!(time_cache().get((1,)).unwrap(), None);
        assert_eq!(time_cache().info().errors, Some(2));
    }
}

#[allow(clippy::option_option, reason = "a part of a key may be one")]
mod keys {
    use super::*;

    /// Written in lower case, compared exactly.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
    struct Lower(String);
    impl Serialize for Lower {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_newtype_struct("Lower", &self.0.to_lowercase())
        }
    }
    #[memoize(store = &REGION, unbounded)]
    fn lower(key: &Lower) -> String {
        key.0.clone()
    }

    #[test]
    fn that_are_written_in_lower_case() {
        for text in ["abc", "ABC", "Abc"].repeat(2) {
            assert_eq!(lower(&Lower(text.into())), text);
        }
        let [small, great] = ["abc", "ABC"].map(|text| Lower(text.into()));
        let error = lower_cache().insert((&great,), "wrong".into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert_eq!(lower_cache().get((&great,)).unwrap(), None);
        assert_eq!(lower_cache().get((&small,)).unwrap().as_deref(), Some("abc"));
    }

    /// Equal to all of its kind, or to none, itself included.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Equal<const TO_ALL: bool>(u8);
    impl<const TO_ALL: bool> PartialEq for Equal<TO_ALL> {
        fn eq(&self, _: &Self) -> bool {
            TO_ALL
        }
    }
    impl<const TO_ALL: bool> Eq for Equal<TO_ALL> {}
    impl<const TO_ALL: bool> Hash for Equal<TO_ALL> {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    fn never(key: Equal<false>, n: u8) -> u8 {
        key.0 + n
    }
    #[memoize(store = &REGION, unbounded)]
    fn always(key: Equal<true>, n: u8) -> u8 {
        key.0 + n
    }

    #[test]
    fn that_are_equal_to_nothing_or_everything() {
        for n in [1, 2, 1] {
            assert_eq!((never(Equal(1), n), always(Equal(1), n)), (1 + n, 1 + n));
        }
        assert_eq!(never_cache().get((Equal(1), 1)).unwrap(), None);
        assert_eq!(always_cache().get((Equal(1), 1)).unwrap(), Some(2));
    }

    #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Either {
        A(u8),
        B(u16),
        C {
            x: Option<u8>,
        },
        D {
            x: Option<u8>,
            #[serde(default)]
            y: u8,
        },
    }
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(default)]
    struct Options {
        deep: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u8>,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    impl Default for Options {
        fn default() -> Self {
            Self { deep: true, limit: Some(3), rest: BTreeMap::new() }
        }
    }
    /// A function whose result says which key it was for.
    #[memoize(store = &REGION, unbounded)]
    fn either(key: Either) -> String {
        format!("{key:?}")
    }
    #[memoize(store = &REGION, unbounded)]
    fn nested(key: (Option<Option<u8>>, Option<()>, f64, [f32; 2])) -> String {
        format!("{key:?} {:x}", key.2.to_bits())
    }
    #[memoize(store = &REGION, unbounded)]
    fn options(key: &Options) -> String {
        format!("{key:?}")
    }

    #[test]
    fn that_are_written_alike_are_told_apart() {
        use Either::{A, B, C, D};
        let (none, some) = (C { x: None }, C { x: Some(1) });
        let all = [A(1), B(1), B(300), none, D { x: None, y: 0 }, some, D { x: Some(1), y: 1 }];
        for key in [&all[..], &all].concat() {
            assert_eq!(either(key.clone()), format!("{key:?}"));
        }
    }
    #[test]
    fn of_options_and_floats_are_told_apart() {
        let floats = [0.0, -0.0, f64::NAN, -f64::NAN, f64::from_bits(0x7ff8_0000_0000_0001)];
        for float in floats.repeat(2) {
            for option in [None, Some(None), Some(Some(0))] {
                for unit in [None, Some(())] {
                    for pair in [[0.0, -0.0], [-0.0, 0.0], [f32::NAN, 1.0]] {
                        let key = (option, unit, float, pair);
                        assert_eq!(nested(key), format!("{key:?} {:x}", float.to_bits()));
                    }
                }
            }
        }
    }
    #[test]
    fn with_defaults_that_are_something_are_told_apart() {
        let rests = [vec![], vec![("other", 1)], vec![("limit", 5)], vec![("limit", 3)]];
        for rest in [&rests[..], &rests].concat() {
            let rest: BTreeMap<_, _> = rest.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            for deep in [true, false] {
                for limit in [None, Some(3), Some(4)] {
                    let key = Options { deep, limit, rest: rest.clone() };
                    assert_eq!(options(&key), format!("{key:?}"));
                }
            }
        }
    }
}
