//! Two builds have two types under one name and version: what one has written, the other reads rightly or not at all.

use std::{collections::BTreeMap, fmt::Debug};

use proptest::prelude::*;

use super::*;
use crate::key::ByValue;

type Key = (ByValue<u8>,);

fn build<V: Serialize + DeserializeOwned>() -> Core<Key, V> {
    let identity = Identity::named("f").version(1);
    Core::with::<MessagePack>("f", Keys::unregistered("region", &identity, MessagePack::NAME))
}

/// What another build reads of what one has written.
fn read<Old, New>(old: &Old) -> Option<New>
where
    Old: Serialize + DeserializeOwned,
    New: Serialize + DeserializeOwned,
{
    let settings = crate::Region::new("region", crate::MemoryStore::new()).into_settings();
    let (writer, reader) = (build::<Old>(), build::<New>());
    let key = writer.key_of(&(7_u8,)).expect("a key");
    let endless = Lifetime::of(0, None).expect("it is to be kept");
    let bytes = writer.seal(&settings, &key, old, endless).expect("an entry");
    let same = writer.open::<Key>(&bytes, None, |stored| *stored == (7,));
    assert!(same.expect("its own build reads it").is_some());
    reader.open::<Key>(&bytes, None, |stored| *stored == (7,)).unwrap_or_default()
}

/// Types of the same name, as builds have them.
macro_rules! types {
    ($($module:ident { $($item:item)* })*) => { $(
        mod $module {
            #[allow(unused_imports, reason = "not each has a map")]
            use super::BTreeMap;
            $(
                #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
                $item
            )*
        }
    )* };
}
types! {
    old {
        pub struct Size { pub width: u32, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: Unit }
        pub enum Unit { Pixel, Inch { per: u32 }, Other(String) }
        pub struct Page { pub sizes: Vec<Size>, pub named: BTreeMap<String, Size>, pub last: Option<Box<Size>> }
    }
    reordered {
        pub enum Unit { Other(String), Inch { per: u32 }, Pixel }
        pub struct Size { pub unit: Unit, #[serde(default)] pub depth: u32, pub height: Option<u32>, pub width: u32 }
        pub struct Page { pub last: Option<Box<Size>>, pub sizes: Vec<Size>, pub named: BTreeMap<String, Size> }
    }
    optional_added {
        pub struct Size { pub width: u32, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit, pub name: Option<String> }
    }
    default_added {
        pub struct Size { pub width: u32, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit, #[serde(default)] pub name: String }
    }
    removed {
        pub struct Size { pub width: u32, pub height: Option<u32>, #[serde(default)] pub depth: u32 }
    }
    optional_renamed {
        pub struct Size { pub width: u32, pub length: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit }
    }
    default_renamed {
        pub struct Size { pub width: u32, pub height: Option<u32>, #[serde(default)] pub thickness: u32, pub unit: super::old::Unit }
    }
    swapped {
        pub struct Size { pub depth: u32, pub height: Option<u32>, #[serde(default, rename = "depths")] pub width: u32, pub unit: super::old::Unit }
    }
    renamed {
        pub struct Size { pub breadth: u32, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit }
    }
    retyped {
        pub struct Size { pub width: f32, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit }
    }
    widened {
        pub struct Size { pub width: u64, pub height: Option<u32>, #[serde(default)] pub depth: u32, pub unit: super::old::Unit }
    }
    variant_added {
        pub enum Unit { Pixel, Inch { per: u32 }, Other(String), Point }
    }
    variant_renamed {
        pub enum Unit { Dot, Inch { per: u32 }, Other(String) }
    }
    variant_refilled {
        pub enum Unit { Pixel, Inch { per: Option<u32> }, Other(String) }
    }
    variant_unfilled {
        pub enum Unit { Pixel, Inch, Other(String) }
    }
}

fn unit() -> impl Strategy<Value = old::Unit> {
    prop_oneof![
        Just(old::Unit::Pixel),
        any::<u32>().prop_map(|per| old::Unit::Inch { per }),
        any::<String>().prop_map(old::Unit::Other),
    ]
}

fn size() -> impl Strategy<Value = old::Size> {
    (any::<u32>(), any::<Option<u32>>(), any::<u32>(), unit())
        .prop_map(|(width, height, depth, unit)| old::Size { width, height, depth, unit })
}

fn page() -> impl Strategy<Value = old::Page> {
    let sizes = prop::collection::vec(size(), 0..3);
    let named = prop::collection::btree_map(any::<String>(), size(), 0..3);
    let last = prop::option::of(size().prop_map(Box::new));
    (sizes, named, last).prop_map(|(sizes, named, last)| old::Page { sizes, named, last })
}

fn is_not_read<New: Serialize + DeserializeOwned + Debug>(
    old: &(impl Serialize + DeserializeOwned),
) {
    let new = read::<_, New>(old);
    assert!(new.is_none(), "{new:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_order_is_read_rightly(page in page()) {
        let new: reordered::Page = read(&page).expect("it is a hit");
        prop_assert_eq!(new.sizes.len(), page.sizes.len());
        for (new, old) in new.sizes.iter().zip(&page.sizes) {
            prop_assert_eq!((new.width, new.height, new.depth), (old.width, old.height, old.depth));
            let is_same = match (&new.unit, &old.unit) {
                (reordered::Unit::Pixel, old::Unit::Pixel) => true,
                (reordered::Unit::Inch { per: new }, old::Unit::Inch { per: old }) => new == old,
                (reordered::Unit::Other(new), old::Unit::Other(old)) => new == old,
                _ => false,
            };
            prop_assert!(is_same);
        }
        let back: old::Page = read(&new).expect("it is a hit");
        prop_assert_eq!(back, page);
    }

    #[test]
    fn another_field_is_a_miss(size in size(), more in prop::collection::vec(size(), 1..3)) {
        is_not_read::<optional_added::Size>(&size);
        is_not_read::<default_added::Size>(&size);
        is_not_read::<removed::Size>(&size);
        is_not_read::<renamed::Size>(&size);
        is_not_read::<optional_renamed::Size>(&size);
        is_not_read::<default_renamed::Size>(&size);
        is_not_read::<swapped::Size>(&size);
        is_not_read::<retyped::Size>(&size);
        is_not_read::<Vec<optional_renamed::Size>>(&more);
        is_not_read::<(u8, Option<optional_renamed::Size>)>(&(1_u8, Some(size)));
    }

    #[test]
    fn another_number_is_the_same_or_a_miss(size in size()) {
        if let Some(new) = read::<_, widened::Size>(&size) {
            prop_assert_eq!(new.width, u64::from(size.width));
        }
        for number in [0, 1, size.width] {
            if let Some(new) = read::<_, u8>(&number) {
                prop_assert_eq!(u32::from(new), number);
            }
            is_not_read::<String>(&number);
            is_not_read::<Option<String>>(&number);
        }
    }

    #[test]
    fn another_variant_is_a_miss(unit in unit()) {
        is_not_read::<variant_added::Unit>(&unit);
        is_not_read::<variant_renamed::Unit>(&unit);
        let refilled = read::<_, variant_refilled::Unit>(&unit);
        match (&unit, refilled) {
            (old::Unit::Inch { .. }, new) => prop_assert!(new.is_none()),
            (_, new) => prop_assert!(new.is_some()),
        }
        if let old::Unit::Inch { .. } = unit {
            is_not_read::<variant_unfilled::Unit>(&unit);
        }
    }
}
