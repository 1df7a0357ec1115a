//! What an expansion looks like: `tests/expand/*.rs` against `tests/expand/*.expanded.rs` of the root package, and some examples
//! against `examples/expanded`, where they are compiled and run. What it looks like with the feature `verify` is in
//! `tests/expand/verify`.
//!
//! `UPDATE_EXPANSIONS=1 cargo test -p memo-macros` writes the latter anew; read them before you commit them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::expand_file;
use crate::args::Features;

/// All that the runtime can do, but for verifying.
const PLAIN: Features = Features { stores: true, verify: false };
const VERIFYING: Features = Features { verify: true, ..PLAIN };

fn check(name: &str) {
    let folder = root().join("tests/expand");
    let source = folder.join(format!("{name}.rs"));
    compare(&expanded(&source, PLAIN), &folder.join(format!("{name}.expanded.rs")));
    if VERIFIED.contains(&name) {
        compare(&expanded(&source, VERIFYING), &folder.join(format!("verify/{name}.expanded.rs")));
    }
}

/// With hits that are verified: calls of each form, in both scopes, and the marks of fields.
const VERIFIED: &[&str] = &[
    "async_methods",
    "free_function",
    "generic_instance",
    "generic_type_scope",
    "options",
    "reads",
    "structs",
    "verify",
];

/// With the paths into the runtime shortened, as a reader would.
fn check_example(name: &str) {
    let folder = root().join("examples");
    let expanded = expanded(&folder.join(format!("{name}.rs")), PLAIN);
    let short = expanded
        .replace("use memo_runtime::memoize;", "use memo_runtime::__private as memo;")
        .replace("::memo_runtime::__private::", "memo::");
    let short = prettyplease::unparse(&syn::parse_file(&short).expect("it is Rust as before"));
    // Lints and formatting look at what people write.
    let header = format!(
        "//! What `#[memoize]` makes of `examples/{name}.rs`; a test keeps it so.\n\n\
         #![allow(clippy::all, clippy::pedantic)]\n\
         #![cfg_attr(rustfmt, rustfmt_skip)]\n\n"
    );
    compare(&(header + &short), &folder.join(format!("expanded/{name}.rs")));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn expanded(path: &Path, features: Features) -> String {
    let source = fs::read_to_string(path).expect("the input is there");
    let mut file = syn::parse_file(&source).expect("the input is Rust");
    file.attrs.clear();
    let tokens = expand_file(file, features);
    prettyplease::unparse(&syn::parse2(tokens).expect("the expansion is Rust"))
}

fn compare(expanded: &str, path: &Path) {
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        fs::write(path, expanded).expect("the snapshot can be written");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(expanded, expected, "the expansion in {} changed", path.display());
}

macro_rules! snapshots {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )* };
}

snapshots! {
    instance
    type_scope
    generic_type_scope
    no_arguments
    trait_block
    structs
    free_function
    reads
    mutation
    literals
    async_methods
    options
    single_flight
    engine
    store
    generic_instance
    named_block
    receivers
    refused
    ttl
    verify
}

#[test]
fn examples_beside_their_expansions() {
    for name in ["mesh", "parser", "shared_reads"] {
        check_example(name);
    }
}

#[test]
fn a_store_needs_its_feature() {
    let options = "store = &REGION, ttl = \"5m\"".parse().expect("options");
    let function = "fn rate(from: &str) -> f64 { ask(from) }".parse().expect("a function");
    let expanded = crate::expand::memoize(options, function, Features::default()).to_string();
    let told =
        "`store` needs the feature `stores` of `memo-runtime`; add `features = [\\\"stores\\\"]`";
    assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
    assert!(expanded.contains(told), "{expanded}");
}
