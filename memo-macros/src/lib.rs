//! The `#[memoize]` attribute of [memo-runtime](https://docs.rs/memo-runtime). Depend on that crate, not on this one.

mod args;
mod broken;
mod check;
mod diagnostics;
mod effects;
mod expand;
mod field_set;
mod model;
mod names;
mod precedence;
mod substitute;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

/// Memoizes methods and functions.
///
/// # On a struct
///
/// `#[memoize] struct S { … }` gives the instances of a struct with named fields a home for their caches. Put it above
/// the derives. Options: `blocks("name", …)` lists its named blocks; `field = name` names the injected field, `memo`
/// otherwise; `field_attrs(#[…] …)` puts attributes on it; `crate = path` says where the runtime is.
///
/// A field that code elsewhere could change, or whose type can change through `&self` (it holds a cell, a `dyn` object that
/// may hold one, a lock or an atomic; the compiler is asked, so aliases are seen), does not compile without a mark:
/// `#[memoize(untracked)]` if no memoized result depends on it; `#[memoize(unchecked)]` if some do, and whoever changes it
/// behind the attribute's back calls `clear_instance`.
///
/// # On an `impl` block
///
/// `#[memoize] impl S { … }` rewrites the methods that are marked `#[memoize]` inside, completes literals and patterns of
/// `S`, and makes methods that take `&mut self`, `self` by value or an argument that is an instance forget what depends on
/// the fields that they can change. A method marked `#[memoize(changes(field, …))]` promises to change no other field, and
/// `changes()` none. Options: `block = "name"` for all but one of the blocks of a type with instance-scoped methods;
/// `field = name` if the struct says so; `crate = path`.
///
/// # On a method in such a block, or a free function
///
/// | option | values | default | meaning |
/// |---|---|---|---|
/// | `scope` | `"instance"`, `"type"` | `"instance"` with a receiver, `"type"` without | whose cache it is |
/// | `capacity` | a const expression > 0 | none | keep at most this many entries; evict the least recently used one |
/// | `unbounded` | flag | assumed in an instance | no bound; a type-scoped cache with arguments says this or `capacity` |
/// | `policy` | `"lru"`, `"sieve"` | `"lru"` | with `capacity`: what is evicted; with `"sieve"` hits take no lock |
/// | `ttl` | `"30s"`, a `Duration`, or a closure or path `fn(&V) -> Duration` | none | a result older than this is computed again |
/// | `reads` | `field: Type, …` | none | type scope: the only state of the instance that the body uses; part of the key |
/// | `skip` | `arg, …` | none | arguments that do not decide the result |
/// | `key` | `name: Type = expression, …` | all arguments | the key's parts, instead of the arguments |
/// | `returns` | `"ref"` | owned value | the method returns `&V`, a reference to the cached value |
/// | `cache_if` | closure or path, `fn(&R) -> bool` | `Result`: only `Ok` | store only a result for which this holds |
/// | `single_flight` | flag | off | callers with an equal key wait for one computation |
/// | `unsync` | flag | off | no synchronisation |
/// | `stats` | flag | off | count hits, misses and evictions |
/// | `engine` | an expression | none | type scope: entries live in a cache of your choosing: `moka`, `quick_cache`, one's own |
/// | `store` | an expression | none | type scope: entries live outside of the process, as bytes: Redis, one's own; feature `stores` |
/// | `name` | a string | the path of the function | with `store`: what its entries are called there |
/// | `version` | an expression | a hash of the function's tokens | with `store`: entries of another version are not read |
/// | `verify` | `false` | on | with the feature `verify`: leaves this method out when hits are verified |
/// | `accessor` | an identifier, or `false` | `<name>_cache` | name of the accessor |
/// | `crate` | a path | `::memo_runtime` | where the runtime is |
///
#[doc = include_str!("options.md")]
#[proc_macro_attribute]
pub fn memoize(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let features =
        args::Features { stores: cfg!(feature = "stores"), verify: cfg!(feature = "verify") };
    expand::memoize(options.into(), item.into(), features).into()
}
