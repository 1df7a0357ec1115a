//! Two processes of which one was deployed after the other: a type has changed, under one name and version of its function. What it reads
//! is right, or it is a miss.
#![allow(dead_code, reason = "what was deployed before is only written")]

#[path = "support/folder.rs"]
mod folder;

use folder::{STORE, deploy};
use memo_runtime::memoize;
use serde::{Deserialize, Serialize};

/// The old type and what was stored; the new type, what its body computes, and what else is right: the old value, read.
macro_rules! retyped {
    ($test:ident, { $($old:item)* } $stored:expr, { $($new:item)* } $computed:expr) => {
        retyped!($test, { $($old)* } $stored, { $($new)* } $computed, or $computed);
    };
    ($test:ident, { $($old:item)* } $stored:expr, { $($new:item)* } $computed:expr, or $also:expr) => {
        deploy!($test, {
            $($old)*
            #[memoize(store = &STORE, unbounded, name = "t", version = 1)]
            fn t(n: u8) -> T { let _ = n; $stored }
            t(1);
        }, {
            $($new)*
            #[memoize(store = &STORE, unbounded, name = "t", version = 1)]
            fn t(n: u8) -> T { let _ = n; $computed }
            let got = t(1);
            assert!(got == $computed || got == $also, "{got:?}");
        });
    };
}
retyped!(defaulted_field_added,
    { #[derive(Serialize, Deserialize)] struct T { a: u8 } } T { a: 1 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8, #[serde(default)] b: Option<u8> } } T { a: 1, b: Some(2) });
retyped!(defaulted_struct_grows,
    { #[derive(Serialize, Deserialize)] struct T { a: u8 } } T { a: 1 },
    { #[derive(Debug, Default, PartialEq, Serialize, Deserialize)] #[serde(default)] struct T { a: u8, b: u8 } } T { a: 1, b: 2 });
retyped!(renamed_optional,
    { #[derive(Serialize, Deserialize)] struct T { a: u8, email: Option<String> } } T { a: 1, email: Some("x".into()) },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8, mail: Option<String> } } T { a: 1, mail: Some("x".into()) });
retyped!(fields_swap_names,
    { #[derive(Serialize, Deserialize)] struct T { width: u8, height: u8 } } T { width: 1, height: 2 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { height: u8, width: u8 } } T { width: 1, height: 2 });
retyped!(tuple_struct_shrinks,
    { #[derive(Serialize, Deserialize)] struct T(u8, u8); } T(1, 2),
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T(u8); } T(3));
retyped!(tuple_struct_grows_by_default,
    { #[derive(Serialize, Deserialize)] struct T(u8, u8); } T(1, 2),
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T(u8, u8, #[serde(default)] u8); } T(1, 2, 3));
retyped!(field_removed_within_vec,
    { #[derive(Serialize, Deserialize)] struct E { a: u8, b: u8 } #[derive(Serialize, Deserialize)] struct T { v: Vec<E> } } T { v: vec![] },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct E { a: u8 } #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { v: Vec<E> } } T { v: vec![] });
retyped!(variant_takes_the_name_of_another,
    { #[derive(Serialize, Deserialize)] enum T { A, B } } { let _ = T::B; T::A },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] enum T { B, #[serde(other)] C } } T::B);
retyped!(variants_swapped,
    { #[derive(Serialize, Deserialize)] enum T { A, B } } { let _ = T::B; T::A },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] enum T { B, A } } { let _ = T::B; T::A });
retyped!(internally_tagged_field_added,
    { #[derive(Serialize, Deserialize)] #[serde(tag = "t")] enum T { A { x: u8 } } } T::A { x: 1 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] #[serde(tag = "t")] enum T { A { x: u8, y: u8 } } } T::A { x: 1, y: 2 });
retyped!(option_becomes_value,
    { #[derive(Serialize, Deserialize)] struct T { a: Option<u8> } } T { a: Some(1) },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8 } } T { a: 9 }, or T { a: 1 });
retyped!(unsigned_becomes_signed_bool_float,
    { #[derive(Serialize, Deserialize)] struct T { a: u8, b: u8, c: u32 } } T { a: 1, b: 1, c: 65 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: i8, b: bool, c: char } } T { a: 9, b: false, c: 'z' });
retyped!(integer_becomes_float,
    { #[derive(Serialize, Deserialize)] struct T { a: u64 } } T { a: u64::MAX },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: f64 } } T { a: 0.5 });
retyped!(float_narrows,
    { #[derive(Serialize, Deserialize)] struct T { a: f64 } } T { a: 0.1 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: f32 } } T { a: 0.25 }, or T { a: 0.1 });
retyped!(string_becomes_enum,
    { #[derive(Serialize, Deserialize)] struct T { a: String } } T { a: "B".into() },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] enum E { A, B } #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: E } } T { a: E::A }, or T { a: E::B });
retyped!(map_becomes_struct,
    { #[derive(Serialize, Deserialize)] struct T { a: std::collections::BTreeMap<String, u8> } } T { a: [("x".to_owned(), 1)].into() },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct E { x: u8, #[serde(default)] y: u8 } #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: E } } T { a: E { x: 1, y: 7 } });
retyped!(alias_is_given,
    { #[derive(Serialize, Deserialize)] struct T { width: u8 } } T { width: 1 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { #[serde(alias = "width")] breadth: u8 } } T { breadth: 1 });
retyped!(field_skipped_now,
    { #[derive(Serialize, Deserialize)] struct T { a: u8, b: u8 } } T { a: 1, b: 2 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8, #[serde(skip)] b: u8 } } T { a: 1, b: 0 });
retyped!(field_no_longer_skipped,
    { #[derive(Serialize, Deserialize)] struct T { a: u8, #[serde(skip)] b: u8 } } T { a: 1, b: 2 },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8, #[serde(default)] b: u8 } } T { a: 1, b: 2 });
retyped!(empty_option_is_skipped_then_renamed,
    { #[derive(Serialize, Deserialize)] struct T { a: u8, #[serde(skip_serializing_if = "Option::is_none")] b: Option<u8> } } T { a: 1, b: None },
    { #[derive(Debug, PartialEq, Serialize, Deserialize)] struct T { a: u8, #[serde(skip_serializing_if = "Option::is_none")] c: Option<u8> } } T { a: 1, c: Some(3) });

// By another `skip` the same number is another argument: 102 is the answer for another key.
deploy!(
    skip_names_another_argument,
    {
        #[memoize(store = &STORE, unbounded, name = "f", skip(factor))]
        fn price(factor: u64, net: u64) -> u64 {
            factor * 100 + net
        }
        price(1, 2);
    },
    {
        #[memoize(store = &STORE, unbounded, name = "f", skip(net))]
        fn price(factor: u64, net: u64) -> u64 {
            factor * 100 + net
        }
        assert_eq!(price(2, 0), 200);
    }
);
