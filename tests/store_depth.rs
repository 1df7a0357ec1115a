//! Deep values and keys, and bytes that say they are deep: none of them fills the stack.

#[path = "support/alone.rs"]
mod alone;
#[path = "support/codecs.rs"]
mod codecs;

use std::{
    sync::{LazyLock, Mutex},
    time::Duration,
};

use alone::alone;
use codecs::Postcard;
use memo_runtime::{BoxError, ByteStore, ErrorKind, MemoryStore, Region, memoize};
use serde::{Deserialize, Serialize};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("depth", MemoryStore::new()));

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Deep {
    next: Option<Box<Deep>>,
}
fn chain(len: usize) -> Deep {
    (0..len).fold(Deep { next: None }, |deep, _| Deep { next: Some(Box::new(deep)) })
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Leaf,
    Node { left: Box<Tagged>, right: Vec<Tagged> },
}
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Leaf(u8),
    Pair(Box<Untagged>, Box<Untagged>),
    Fields { of: Vec<Untagged> },
}
#[derive(Serialize, Deserialize)]
enum Tree {
    Leaf,
    Node(Box<Tree>),
}

#[memoize(store = &REGION, unbounded, stats)]
fn deep(len: usize) -> Deep {
    chain(len)
}
#[memoize(store = &REGION, unbounded, stats)]
fn tagged(len: usize) -> Tagged {
    (0..len).fold(Tagged::Leaf, |inner, n| {
        let leaf = Box::new(Tagged::Leaf);
        if n % 2 == 0 {
            Tagged::Node { left: Box::new(inner), right: vec![] }
        } else {
            Tagged::Node { left: leaf, right: vec![inner] }
        }
    })
}
#[memoize(store = &REGION, unbounded, stats)]
fn untagged(len: usize) -> Untagged {
    (0..len).fold(Untagged::Leaf(1), |inner, n| {
        if n % 2 == 0 {
            Untagged::Pair(Box::new(Untagged::Leaf(2)), Box::new(inner))
        } else {
            Untagged::Fields { of: vec![inner] }
        }
    })
}
#[memoize(store = &REGION, unbounded, stats)]
fn tree(len: usize) -> Tree {
    (0..len).fold(Tree::Leaf, |tree, _| Tree::Node(Box::new(tree)))
}

/// Up to some depth each is stored, and read; beyond, it is not, and what is computed is returned.
#[test]
fn a_deep_value_is_not_stored() {
    alone("a_deep_value_is_not_stored", || {
        let mut stored = [0; 4];
        for len in (1..200).chain([1000]) {
            _ = (deep(len), tagged(len), untagged(len), tree(len));
            let found = [
                deep_cache().get((len,)).unwrap().is_some(),
                tagged_cache().get((len,)).unwrap().is_some(),
                untagged_cache().get((len,)).unwrap().is_some(),
                tree_cache().get((len,)).unwrap().is_some(),
            ];
            for (stored, found) in stored.iter_mut().zip(found) {
                *stored += usize::from(found);
            }
        }
        // An option, and what is in it; a struct, and half of the time a sequence; a struct or a tuple, and so on; a variant, and the last's name.
        assert_eq!(stored, [63, 85, 85, 127]);
        let error = deep_cache().insert((1,), chain(1000)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(error.to_string().contains("more than 128 levels"), "{error}");
    });
}

#[memoize(store = &REGION, unbounded)]
fn length(of: Deep) -> usize {
    let mut length = 0;
    let mut deep = &of;
    while let Some(next) = &deep.next {
        length += 1;
        deep = next;
    }
    length
}
#[test]
fn under_a_deep_key_nothing_is_stored() {
    alone("under_a_deep_key_nothing_is_stored", || {
        for len in [10, 1000, 10, 1000] {
            assert_eq!(length(chain(len)), len);
        }
        assert_eq!(length_cache().get((chain(10),)).unwrap(), Some(10));
        let error = length_cache().get((chain(1000),)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
    });
}

/// A store whose answer is what it was told, whatever was stored.
#[derive(Default)]
struct Answering {
    inner: MemoryStore,
    last: Mutex<Vec<u8>>,
    answer: Mutex<Option<Vec<u8>>>,
}
impl ByteStore for Answering {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        match self.answer.lock().unwrap().clone() {
            None => ByteStore::get(&self.inner, key),
            answer => Ok(answer),
        }
    }
    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        *self.last.lock().unwrap() = value.to_vec();
        ByteStore::set(&self.inner, key, value, ttl)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(&self.inner, key)
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(&self.inner, prefix)
    }
}
static NAMES: LazyLock<Region<Answering>> =
    LazyLock::new(|| Region::new("depth", Answering::default()));
static PLACES: LazyLock<Region<Answering, Postcard>> =
    LazyLock::new(|| Region::new("depth", Answering::default()).codec::<Postcard>());

#[derive(Serialize, Deserialize)]
struct List(Option<Box<List>>);

#[memoize(store = &NAMES, unbounded)]
fn list(_n: u8) -> List {
    List(None)
}
#[memoize(store = &NAMES, unbounded)]
fn named(_n: u8) -> Deep {
    chain(1)
}
#[memoize(store = &PLACES, unbounded)]
fn placed(_n: u8) -> Deep {
    chain(1)
}

/// Other bytes where the value is: behind an envelope that is right.
#[test]
fn bytes_without_an_end_are_a_miss() {
    fn answers(store: &Answering, value: usize, garbage: &[u8]) {
        let mut bytes = store.last.lock().unwrap().clone();
        bytes.truncate(bytes.len() - value);
        bytes.extend(garbage);
        *store.answer.lock().unwrap() = Some(bytes);
    }
    alone("bytes_without_an_end_are_a_miss", || {
        // A number is an option, which is there, and in it the same number, and so on.
        assert!(list(1).0.is_none());
        answers(NAMES.store(), 1, &[1]);
        assert!(list(1).0.is_none());
        assert_eq!(list_cache().info().errors, Some(1));
        *NAMES.store().answer.lock().unwrap() = None;

        let link = b"\x81\xa4next";
        assert_eq!(named(1), chain(1));
        answers(NAMES.store(), 2 * link.len() + 1, &link.repeat(100_000));
        assert_eq!(named(1), chain(1));
        assert_eq!(named_cache().info().errors, Some(1));

        assert_eq!(placed(1), chain(1));
        answers(PLACES.store(), 2, &vec![1; 100_000]);
        assert_eq!(placed(1), chain(1));
        assert_eq!(placed_cache().info().errors, Some(1));
    });
}
