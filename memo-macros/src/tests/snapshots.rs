//! What an expansion looks like: `tests/expand/*.rs` against `tests/expand/*.expanded.rs` of the root package.
//!
//! `UPDATE_EXPANSIONS=1 cargo test -p memo-macros` writes the latter anew; read them before you commit them.

use std::{fs, path::Path};

use super::expand_file;

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/expand");
    let source = fs::read_to_string(folder.join(format!("{name}.rs"))).expect("the input is there");
    let tokens = expand_file(syn::parse_file(&source).expect("the input is Rust"));
    let expanded = prettyplease::unparse(&syn::parse2(tokens).expect("the expansion is Rust"));
    let path = folder.join(format!("{name}.expanded.rs"));
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        fs::write(&path, &expanded).expect("the snapshot can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expanded, expected, "the expansion of {name}.rs changed");
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
    generic_instance
    named_block
    receivers
    refused
}
