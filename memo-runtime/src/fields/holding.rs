//! What does the type of a field let the macro assume?

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    marker::PhantomData,
    panic::UnwindSafe,
    time::Duration,
};

/// Whether a type is, or holds, a `&mut` reference. What is said of `Holding` itself comes before what [`Unknown`] says.
pub struct Holding<T>(PhantomData<T>);

impl<T: UnwindSafe> Holding<T> {
    /// A `&mut` reference is not `UnwindSafe`.
    pub const MAY_BE_REFERENCE: bool = false;
}

impl<T: UnwindSafe + Clone> Holding<T> {
    /// What holds a `&mut` reference is not `Clone`, nor, unless it is behind a pointer, `UnwindSafe`.
    pub const MAY_HOLD_REFERENCE: bool = false;
}

impl<T: Looks> Holding<T> {
    /// The methods of which it is known that they do not change it.
    pub const LOOKS: &'static [&'static str] = T::NAMES;
}

impl<T: Clone> Holding<T> {
    /// No other method called `clone` comes before this one that could change it.
    pub const CLONES: bool = true;
}

/// A type of which some methods are known not to change it: those of the type itself that take `&self` come before any other
/// that could, and so do all that take a number by value. (Those of what it dereferences to do not; but what a reference leads to has
/// its methods on the reference as it is, so that they come before all that would take the reference itself by `&mut`.)
pub trait Looks {
    /// Their names.
    const NAMES: &'static [&'static str];
}

macro_rules! looks {
    ($($([$($parameter:tt)*] $ty:ty),* => $names:expr;)*) => { $($(
        impl<$($parameter)*> Looks for $ty {
            const NAMES: &'static [&'static str] = $names;
        }
    )*)* };
}
const NUMBER: &[&str] = &[
    "abs",
    "ceil",
    "checked_add",
    "checked_div",
    "checked_mul",
    "checked_sub",
    "cos",
    "count_ones",
    "count_zeros",
    "exp",
    "floor",
    "hypot",
    "is_finite",
    "is_nan",
    "is_negative",
    "is_positive",
    "leading_zeros",
    "ln",
    "log10",
    "log2",
    "mul_add",
    "pow",
    "powf",
    "powi",
    "recip",
    "rem_euclid",
    "round",
    "saturating_add",
    "saturating_sub",
    "signum",
    "sin",
    "sqrt",
    "tan",
    "to_bits",
    "trailing_zeros",
    "trunc",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
];
looks! {
    [] u8, [] u16, [] u32, [] u64, [] u128, [] usize, [] i8, [] i16, [] i32, [] i64, [] i128, [] isize, [] f32, [] f64 => NUMBER;
    [T] Vec<T> => &["as_slice", "capacity", "is_empty", "len"];
    ['a, T] &'a [T] => &["binary_search", "chunks", "contains", "ends_with", "first", "get", "is_empty", "iter", "last", "len", "split_at", "split_first", "split_last", "starts_with", "to_vec", "windows"];
    ['a] &'a str => &["as_bytes", "bytes", "char_indices", "chars", "contains", "ends_with", "find", "get", "is_char_boundary", "is_empty", "len", "lines", "parse", "rfind", "split", "split_at", "split_once", "split_whitespace", "starts_with", "strip_prefix", "strip_suffix", "trim", "trim_end", "trim_start"];
    [] String => &["as_bytes", "as_str", "capacity", "is_empty", "len"];
    [T] Option<T> => &["as_deref", "as_ref", "is_none", "is_some", "iter"];
    [T, E] Result<T, E> => &["as_ref", "is_err", "is_ok"];
    [T] VecDeque<T> => &["back", "contains", "front", "get", "is_empty", "iter", "len"];
    [K, V, S] HashMap<K, V, S> => &["contains_key", "get", "is_empty", "iter", "keys", "len", "values"];
    [K, V] BTreeMap<K, V> => &["contains_key", "first_key_value", "get", "is_empty", "iter", "keys", "last_key_value", "len", "range", "values"];
    [T, S] HashSet<T, S> => &["contains", "is_empty", "iter", "len"];
    [T] BTreeSet<T> => &["contains", "first", "is_empty", "iter", "last", "len", "range"];
    [] Duration => &["as_millis", "as_nanos", "as_secs", "as_secs_f32", "as_secs_f64", "checked_add", "is_zero", "mul_f64"];
    [] char => &["is_alphabetic", "is_ascii_digit", "is_numeric", "is_whitespace", "len_utf8", "to_ascii_lowercase", "to_digit"];
}

/// What is not known of a type.
pub trait Unknown {
    /// It may be a `&mut` reference.
    const MAY_BE_REFERENCE: bool = true;
    /// It may hold one.
    const MAY_HOLD_REFERENCE: bool = true;
    /// Any method may change it.
    const LOOKS: &'static [&'static str] = &[];
    /// So may `clone`.
    const CLONES: bool = false;
}
impl<T> Unknown for Holding<T> {}
