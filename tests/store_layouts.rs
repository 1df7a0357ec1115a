//! Two builds of a program have two types under one `name` and `version`: what one process has written, the other reads rightly, or computes.
//!
//! Each test is a rolling deploy. It runs itself once more as the process of the old build, which stores its values; then the new build asks
//! for them, in this process; then the old build once more, as if the deploy were taken back.

#[path = "support/builds.rs"]
mod builds;
#[path = "support/codecs.rs"]
mod codecs;

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use builds::{CASES, Entries, Folder, OLD_BUILD, SEED, run_old_build, values};
use codecs::{Json, Postcard};
use memo_runtime::{MessagePack, Region, memoize};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// `test: Codec, values of the old type, |old| the same value for the new type, what becomes of the entries`
macro_rules! deploys {
    ($($test:ident: $codec:ty, $values:expr => $Old:ty, |$old:pat_param| $new:expr => $New:ty, $entries:ident;)*) => { $(
        mod $test {
            use super::*;

            static REGION: LazyLock<Region<Folder, $codec>> =
                LazyLock::new(|| Region::new(stringify!($test), Folder::of(stringify!($test))).codec());
            static VALUES: LazyLock<Vec<$Old>> = LazyLock::new(|| values($values));
            static BODIES: AtomicUsize = AtomicUsize::new(0);

            /// Of the old type.
            fn compute(case: usize) -> $Old {
                VALUES[case].clone()
            }
            /// Of the new type.
            fn compute_anew(case: usize) -> $New {
                let $old = VALUES[case].clone();
                $new
            }

            mod old_build {
                use super::*;
                #[memoize(store = &REGION, unbounded, name = "shape", version = 1)]
                pub fn shape(case: usize) -> $Old {
                    BODIES.fetch_add(1, SeqCst);
                    compute(case)
                }
                pub fn errors() -> Option<u64> {
                    shape_cache().info().errors
                }
            }
            mod new_build {
                use super::*;
                #[memoize(store = &REGION, unbounded, name = "shape", version = 1)]
                pub fn shape(case: usize) -> $New {
                    BODIES.fetch_add(1, SeqCst);
                    compute_anew(case)
                }
                pub fn errors() -> Option<u64> {
                    shape_cache().info().errors
                }
            }

            #[test]
            fn deploy() {
                if env::var_os(OLD_BUILD[0]).is_some() {
                    for case in 0..CASES {
                        assert_eq!(old_build::shape(case), compute(case));
                    }
                    let errors = old_build::errors().expect("a store counts them");
                    println!("bodies and errors: {} {errors}", BODIES.load(SeqCst));
                    return;
                }
                let folder = &REGION.store().0;
                assert_eq!(run_old_build(stringify!($test), folder), (CASES, 0));
                assert_eq!(run_old_build(stringify!($test), folder), (0, 0), "its own are read");

                for case in 0..CASES {
                    assert_eq!(new_build::shape(case), compute_anew(case), "seed {}", *SEED);
                }
                let errors = new_build::errors().expect("a store counts them");
                Entries::$entries.check("the new build", BODIES.load(SeqCst), errors);
                let bodies = BODIES.load(SeqCst);
                for case in 0..CASES {
                    assert_eq!(new_build::shape(case), compute_anew(case));
                }
                assert_eq!(BODIES.load(SeqCst), bodies, "what was missed was overwritten");

                let (bodies, errors) = run_old_build(stringify!($test), folder);
                Entries::$entries.check("the old build again", bodies, errors);
                fs::remove_dir_all(folder).expect("the folder is ours");
            }
        }
    )* };
}

/// Types of one name, as builds have them.
macro_rules! types {
    ($($build:ident { $($item:item)* })*) => { $(
        mod $build {
            #[allow(unused_imports, reason = "not each has all of them")]
            use super::{BTreeMap, old::{Kind, Point}};
            $(
                #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
                $item
            )*
        }
    )* };
}
types! {
    reordered {
        pub enum Side { Right, Left }
        pub struct Order { pub right: i16, pub left: i16 }
        pub enum Kinds { Named(String), Round { high: u16, wide: u16 }, Plain }
        pub struct Shape { pub by_name: BTreeMap<String, Order>, pub kind: Kinds, #[serde(default)] pub tags: Vec<u8>, pub label: Option<String>, pub size: u32 }
    }
    optional_added {
        pub struct Shape { pub size: u32, pub label: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point>, pub note: Option<String> }
    }
    default_added {
        pub struct Shape { pub size: u32, pub label: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point>, #[serde(default)] pub notes: Vec<u8> }
    }
    removed {
        pub struct Shape { pub size: u32, pub label: Option<String>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    renamed {
        pub struct Shape { pub area: u32, pub label: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    optional_renamed {
        pub struct Shape { pub size: u32, pub title: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    default_renamed {
        pub struct Shape { pub size: u32, pub label: Option<String>, #[serde(default)] pub marks: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    retyped {
        pub struct Shape { pub size: f64, pub label: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    widened {
        pub struct Shape { pub size: u64, pub label: Option<String>, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    no_option {
        pub struct Shape { pub size: u32, #[serde(default)] pub label: String, #[serde(default)] pub tags: Vec<u8>, pub kind: Kind, pub by_name: BTreeMap<String, Point> }
    }
    variant_added {
        pub enum Kinds { Plain, Round { wide: u16, high: u16 }, Named(String), Other }
    }
    variant_renamed {
        pub enum Kinds { Bare, Round { wide: u16, high: u16 }, Named(String) }
    }
    variant_refilled {
        pub enum Kinds { Plain, Round { wide: u16, high: Option<u16> }, Named(String) }
    }
}

mod old {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub enum Side {
        Left,
        Right,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Point {
        pub left: i16,
        pub right: i16,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub enum Kind {
        Plain,
        Round { wide: u16, high: u16 },
        Named(String),
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Shape {
        pub size: u32,
        pub label: Option<String>,
        #[serde(default)]
        pub tags: Vec<u8>,
        pub kind: Kind,
        pub by_name: BTreeMap<String, Point>,
    }

    pub fn side() -> impl Strategy<Value = Side> {
        prop_oneof![Just(Side::Left), Just(Side::Right)]
    }

    pub fn point() -> impl Strategy<Value = Point> {
        any::<(i16, i16)>().prop_map(|(left, right)| Point { left, right })
    }

    pub fn kind() -> impl Strategy<Value = Kind> {
        prop_oneof![
            Just(Kind::Plain),
            any::<(u16, u16)>().prop_map(|(wide, high)| Kind::Round { wide, high }),
            any::<String>().prop_map(Kind::Named),
        ]
    }

    pub fn shape() -> impl Strategy<Value = Shape> {
        let tags = prop::collection::vec(any::<u8>(), 0..3);
        let by_name = prop::collection::btree_map(any::<String>(), point(), 0..3);
        (any::<u32>(), any::<Option<String>>(), tags, kind(), by_name).prop_map(
            |(size, label, tags, kind, by_name)| Shape { size, label, tags, kind, by_name },
        )
    }
}

impl From<old::Kind> for reordered::Kinds {
    fn from(kind: old::Kind) -> Self {
        match kind {
            old::Kind::Plain => Self::Plain,
            old::Kind::Round { wide, high } => Self::Round { high, wide },
            old::Kind::Named(name) => Self::Named(name),
        }
    }
}

impl From<old::Shape> for reordered::Shape {
    fn from(old: old::Shape) -> Self {
        let order = |old::Point { left, right }| reordered::Order { right, left };
        let by_name = old.by_name.into_iter().map(|(name, point)| (name, order(point))).collect();
        let old::Shape { size, label, tags, kind, .. } = old;
        Self { by_name, kind: kind.into(), tags, label, size }
    }
}

/// A value of a type that has the fields of the old one, but for those that are said.
macro_rules! shape {
    ($old:ident => $build:ident { $($same:ident)*; $($field:ident: $value:expr),* }) => {
        $build::Shape { $($same: $old.$same,)* $($field: $value,)* }
    };
}

deploys! {
    nothing_changed: MessagePack, old::shape() => old::Shape, |old| old => old::Shape, Read;
    nothing_changed_in_postcard: Postcard, old::shape() => old::Shape, |old| old => old::Shape, Read;
    another_order: MessagePack, old::shape() => old::Shape, |old| old.into() => reordered::Shape, Read;
    another_order_in_json: Json, old::shape() => old::Shape, |old| old.into() => reordered::Shape, Read;
    another_order_of_fields_without_names: Postcard, old::point() => old::Point,
        |old| reordered::Order { left: old.left, right: old.right } => reordered::Order, Missed;
    another_order_of_variants_without_names: Postcard, old::side() => old::Side, |old| match old {
        old::Side::Left => reordered::Side::Left,
        old::Side::Right => reordered::Side::Right,
    } => reordered::Side, Missed;
    another_order_of_all_without_names: Postcard, old::shape() => old::Shape, |old| old.into() => reordered::Shape, Missed;
    an_optional_field_is_added: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => optional_added { size label tags kind by_name; note: Some(format!("size {}", old.size)) }) => optional_added::Shape, Missed;
    a_field_with_a_default_is_added: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => default_added { size label kind by_name; notes: old.tags.clone(), tags: old.tags }) => default_added::Shape, Missed;
    a_field_is_removed: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => removed { size label kind by_name; }) => removed::Shape, Missed;
    a_field_is_renamed: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => renamed { label tags kind by_name; area: old.size }) => renamed::Shape, Missed;
    an_optional_field_is_renamed: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => optional_renamed { size tags kind by_name; title: old.label }) => optional_renamed::Shape, Missed;
    an_optional_field_is_renamed_in_json: Json, old::shape() => old::Shape,
        |old| shape!(old => optional_renamed { size tags kind by_name; title: old.label }) => optional_renamed::Shape, Missed;
    a_field_with_a_default_is_renamed: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => default_renamed { size label kind by_name; marks: old.tags }) => default_renamed::Shape, Missed;
    a_number_is_a_float: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => retyped { label tags kind by_name; size: old.size.into() }) => retyped::Shape, Missed;
    a_number_is_wider: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => widened { label tags kind by_name; size: old.size.into() }) => widened::Shape, Missed;
    an_optional_field_is_one_no_more: MessagePack, old::shape() => old::Shape,
        |old| shape!(old => no_option { size tags kind by_name; label: old.label.unwrap_or_default() }) => no_option::Shape, Missed;
    a_variant_is_added: MessagePack, old::kind() => old::Kind, |old| match old {
        old::Kind::Plain => variant_added::Kinds::Plain,
        old::Kind::Round { wide, high } => variant_added::Kinds::Round { wide, high },
        old::Kind::Named(name) => variant_added::Kinds::Named(name),
    } => variant_added::Kinds, Missed;
    a_variant_is_renamed: MessagePack, old::kind() => old::Kind, |old| match old {
        old::Kind::Plain => variant_renamed::Kinds::Bare,
        old::Kind::Round { wide, high } => variant_renamed::Kinds::Round { wide, high },
        old::Kind::Named(name) => variant_renamed::Kinds::Named(name),
    } => variant_renamed::Kinds, Missed;
    a_field_of_a_variant_is_optional: MessagePack, old::kind() => old::Kind, |old| match old {
        old::Kind::Plain => variant_refilled::Kinds::Plain,
        old::Kind::Round { wide, high } => variant_refilled::Kinds::Round { wide, high: Some(high) },
        old::Kind::Named(name) => variant_refilled::Kinds::Named(name),
    } => variant_refilled::Kinds, ReadOrMissed;
    another_type_in_a_list: MessagePack, prop::collection::vec(old::kind(), 1..4) => Vec<old::Kind>,
        |old| old.iter().map(|kind| format!("{kind:?}")).collect() => Vec<String>, Missed;
}
