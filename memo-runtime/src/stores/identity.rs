//! Under which keys are the entries of a function?
//!
//! `{region}:{path}:{version}:{codec}:{digest of the key}`, each field percent-escaped, so that a colon only stands between two of them.

use std::{
    any::type_name,
    collections::HashSet,
    fmt::{Display, Write},
    sync::{Mutex, PoisonError},
};

use xxhash_rust::xxh3::xxh3_128;

/// What tells a function's entries from all others.
pub struct Identity {
    path: String,
    version: String,
}

impl Identity {
    /// That of the function in which this closure stands; `method` is what it is called there, if that is not the name of the
    /// item around the closure.
    pub fn of<F>(_closure: F, method: Option<&str>) -> Self {
        let mut path = type_name::<F>();
        while let Some(outer) = path.strip_suffix("::{{closure}}") {
            path = outer;
        }
        let path = match (method, path.rsplit_once("::")) {
            (Some(method), Some((outer, _))) => format!("{outer}::{method}"),
            _ => path.to_owned(),
        };
        Self { path, version: String::new() }
    }

    /// That of a name.
    pub fn named(name: &str) -> Self {
        Self { path: name.to_owned(), version: String::new() }
    }

    /// That of a name and a concrete type.
    pub fn named_for<Type: ?Sized>(name: &str) -> Self {
        Self::named(&format!("{name}<{}>", type_name::<Type>()))
    }

    /// What the entries of another one are not to be read by.
    #[must_use]
    pub fn version(self, version: impl AsVersion) -> Self {
        Self { version: version.to_string(), ..self }
    }
}

/// What `version = …` may say.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is no version; it is a part of the keys of entries, as a text; write a number or a string, or implement `Display`",
    label = "no version"
)]
pub trait AsVersion: Display {}
#[diagnostic::do_not_recommend]
impl<V: Display> AsVersion for V {}

/// The beginnings of keys.
pub(super) struct Keys {
    /// Of all entries of the function, whatever the version.
    pub(super) function: String,
    /// Of the entries that this code reads and writes.
    entries: String,
    /// A digest of that.
    pub(super) digest: u128,
}

impl Keys {
    /// # Panics
    ///
    /// If there is another function of that name in the region, in this process.
    pub(super) fn new(region: &str, identity: &Identity, codec: &str) -> Self {
        let keys = Self::unregistered(region, identity, codec);
        register(region, &identity.path, &keys.function);
        keys
    }

    /// Those of any process.
    pub(super) fn unregistered(region: &str, identity: &Identity, codec: &str) -> Self {
        let Identity { path, version } = identity;
        let function = format!("{}:{}:", escaped(region), escaped(path));
        let entries = format!("{function}{}:{}:", escaped(version), escaped(codec));
        let digest = xxh3_128(entries.as_bytes());
        Self { function, entries, digest }
    }

    /// The key of an entry.
    pub(super) fn entry(&self, digest: u128) -> String {
        format!("{}{digest:032x}", self.entries)
    }
}

/// A digest of an encoded key.
pub(super) fn digest(key: &[u8]) -> u128 {
    xxh3_128(key)
}

fn register(region: &str, path: &str, function: &str) {
    static FUNCTIONS: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut functions = FUNCTIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = functions.get_or_insert_default().insert(function.to_owned());
    drop(functions);
    assert!(
        is_new,
        "two caches of the region `{region}` are called `{path}`, and would read each other's entries; tell them apart by `name = \"…\"`"
    );
}

/// All but letters, digits and some marks that mean nothing anywhere is written as `%` and two digits.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) {
            escaped.push(byte.into());
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_run_into_each_other() {
        let keys = Keys::new("a:b", &Identity::named("c%3A").version("1 ü"), "x");
        assert_eq!(keys.function, "a%3Ab:c%253A:");
        assert_eq!(keys.entry(7), "a%3Ab:c%253A:1%20%C3%BC:x:00000000000000000000000000000007");
        let other = Keys::new("a", &Identity::named("b:c%3A").version("1 ü"), "x");
        assert_ne!(keys.function, other.function);
        assert_ne!(keys.digest, other.digest);
    }

    #[test]
    #[should_panic(expected = "two caches of the region `twice` are called `f`")]
    fn a_name_is_for_one_function() {
        Keys::new("twice", &Identity::named("f").version(1), "x");
        Keys::new("twice", &Identity::named("f").version(2), "x");
    }

    #[test]
    fn the_path_is_that_of_the_function() {
        fn function_cache() -> Identity {
            Identity::of(|| (), Some("function"))
        }
        assert!(function_cache().path.ends_with("::the_path_is_that_of_the_function::function"));
        let here = Identity::of(|| (), None).path;
        assert!(here.ends_with("identity::tests::the_path_is_that_of_the_function"), "{here}");
    }
}
