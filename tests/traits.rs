//! Contract points 10 and 11: the injected field is inert, and auto traits stay.

use std::{
    cmp::Ordering,
    collections::{HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    marker::PhantomPinned,
    panic::{RefUnwindSafe, UnwindSafe},
    rc::Rc,
};

use memo_runtime::memoize;
use serde::{Deserialize, Serialize};

#[memoize]
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Point {
    x: i32,
    y: i32,
}

#[memoize]
impl Point {
    fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }
    #[memoize]
    fn norm(&self) -> i32 {
        self.x.abs() + self.y.abs()
    }
    #[memoize]
    fn scaled(&self, by: i32) -> i32 {
        self.x * by + self.y * by
    }
}

/// Two equal points, one with filled caches.
fn points() -> (Point, Point) {
    let (filled, cold) = (Point::new(1, 2), Point::new(1, 2));
    assert_eq!((filled.norm(), filled.scaled(2)), (3, 6));
    (filled, cold)
}

#[test]
fn clone_starts_with_empty_caches() {
    let (filled, _) = points();
    let clone = filled.clone();
    assert!(clone.norm_cache().is_empty() && clone.scaled_cache().is_empty());
    assert!(!filled.norm_cache().is_empty());
}

#[test]
fn comparison_and_hash_ignore_the_field() {
    let (filled, cold) = points();
    assert_eq!(filled, cold);
    assert_eq!(filled.cmp(&cold), Ordering::Equal);
    assert_eq!(filled.partial_cmp(&Point::new(1, 3)), Some(Ordering::Less));
    let hash = |point: &Point| {
        let mut hasher = DefaultHasher::new();
        point.hash(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash(&filled), hash(&cold));
    assert_eq!(HashSet::from([filled, cold]).len(), 1);
}

#[test]
fn default_is_empty() {
    let point = Point::default();
    assert!(point.norm_cache().is_empty());
    assert_eq!(point.norm(), 0);
}

#[test]
fn debug_prints_one_short_token() {
    assert_eq!(format!("{:?}", points().0), "Point { x: 1, y: 2, memo: <caches> }");
}

#[test]
fn serde_skips_the_field() {
    let (filled, cold) = points();
    let json = serde_json::to_string(&filled).unwrap();
    assert_eq!(json, r#"{"x":1,"y":2}"#);
    let read: Point = serde_json::from_str(&json).unwrap();
    assert_eq!(read, cold);
    assert!(read.norm_cache().is_empty());
}

#[memoize(field_attrs(#[doc(alias = "cache")] #[allow(clippy::struct_field_names)]), field = caches)]
#[derive(PartialEq, Debug)]
struct Attributed {
    n: u8,
}
#[memoize(field = caches)]
impl Attributed {
    #[memoize]
    fn next(&self) -> u8 {
        self.n + 1
    }
    fn new(n: u8) -> Self {
        Self { n }
    }
}
mod serde_stand_in {
    /// `field_attrs` with a derive that needs them.
    #[memo_runtime::memoize(field_attrs(#[serde(skip, default)]))]
    #[derive(::serde::Deserialize)]
    pub struct Twice {
        n: u8,
    }
    #[memo_runtime::memoize]
    impl Twice {
        #[memoize]
        pub fn next(&self) -> u8 {
            self.n + 1
        }
    }
}

#[test]
fn field_and_its_attributes_can_be_chosen() {
    assert_eq!(Attributed::new(1).next(), 2);
    assert_eq!(Attributed { n: 1, caches: Default::default() }, Attributed::new(1));
    let twice: serde_stand_in::Twice = serde_json::from_str(r#"{"n":1}"#).unwrap();
    assert_eq!(twice.next(), 2);
}

const fn assert_auto<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}
const fn assert_send<T: Send>() {}

#[memoize]
struct Pinned {
    pin: PhantomPinned,
}
#[memoize]
impl Pinned {
    #[memoize]
    fn one(&self) -> u8 {
        let _ = self.pin;
        1
    }
}

#[memoize]
struct Tree {
    children: Vec<Tree>,
    weight: u64,
}
#[memoize]
impl Tree {
    #[memoize]
    fn total(&self) -> u64 {
        self.weight + self.children.iter().map(Tree::total).sum::<u64>()
    }
    #[memoize]
    fn doubled(&self) -> Self {
        Self {
            children: self.children.iter().map(Self::doubled).collect(),
            weight: 2 * self.weight,
        }
    }
    #[memoize(capacity = 3)]
    fn bounded(&self, other: &Self) -> u64 {
        self.weight + other.weight
    }
}
impl Clone for Tree {
    fn clone(&self) -> Self {
        Self { children: self.children.clone(), weight: self.weight, memo: Default::default() }
    }
}
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self.children == other.children
    }
}
impl Eq for Tree {}
impl Hash for Tree {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.weight.hash(state);
        self.children.hash(state);
    }
}

#[memoize]
struct Local {
    n: u8,
}
#[memoize]
impl Local {
    #[memoize(unsync)]
    fn shared(&self, m: u8) -> Rc<u8> {
        Rc::new(self.n + m)
    }
}

#[memoize]
struct LocalButSend {
    n: u8,
}
#[memoize]
impl LocalButSend {
    #[memoize(unsync)]
    fn sum(&self, m: u8) -> u8 {
        self.n + m
    }
}

/// Tells whether a type is `Sync`, by which method is found.
struct IsSync<T>(std::marker::PhantomData<T>);
impl<T: Sync> IsSync<T> {
    fn answer(&self) -> bool {
        true
    }
}
trait Fallback {
    fn answer(&self) -> bool {
        false
    }
}
impl<T> Fallback for &IsSync<T> {}

macro_rules! is_sync {
    ($ty:ty) => {
        (&IsSync::<$ty>(std::marker::PhantomData)).answer()
    };
}

#[test]
fn auto_traits_stay() {
    assert_auto::<Point>();
    assert_auto::<Tree>();
    assert_send::<LocalButSend>();
    assert!(is_sync!(Point) && is_sync!(Pinned));
    assert!(!is_sync!(Local) && !is_sync!(LocalButSend));
    assert_eq!(*Local { n: 1, memo: Default::default() }.shared(2), 3);
    assert_eq!(LocalButSend { n: 1, memo: Default::default() }.sum(2), 3);
    assert_eq!(Pinned { pin: PhantomPinned, memo: Default::default() }.one(), 1);
}

#[test]
fn recursive_types_work() {
    let leaf = |weight| Tree { children: Vec::new(), weight, memo: Default::default() };
    let tree = Tree { children: vec![leaf(1), leaf(2)], weight: 3, memo: Default::default() };
    assert_eq!(tree.total(), 6);
    assert_eq!(tree.doubled().total(), 12);
    assert_eq!(tree.doubled().doubled().total(), 24);
    assert_eq!(tree.bounded(&leaf(9)), 12);
    assert_eq!(tree.bounded_cache().len(), 1);
}
