//! Sound memoization for methods: a cache lives in its instance and goes with it, or there is one per type. What would
//! leak, go stale or mix up instances does not compile.
//!
//! ```
//! use memo_runtime::memoize;
//!
//! #[memoize] // gives each instance a home for its caches
//! #[derive(Debug, Clone)]
//! pub struct Polygon {
//!     points: Vec<(f64, f64)>,
//! }
//!
//! #[memoize] // rewrites the methods that are marked inside
//! impl Polygon {
//!     pub fn new(points: Vec<(f64, f64)>) -> Self {
//!         Self { points } // completed by the attribute
//!     }
//!
//!     #[memoize]
//!     pub fn area(&self) -> f64 {
//!         let next = self.points.iter().cycle().skip(1);
//!         self.points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
//!     }
//!
//!     #[memoize(capacity = 100)]
//!     pub fn scaled_area(&self, factor: f64) -> f64 {
//!         self.area() * factor * factor
//!     }
//!
//!     pub fn push(&mut self, point: (f64, f64)) {
//!         self.points.push(point); // forgets what was computed from the points
//!     }
//! }
//!
//! let mut shape = Polygon::new(vec![(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]);
//! assert_eq!(shape.area(), 2.0);
//! assert_eq!(shape.scaled_area(2.0), 8.0); // computed, with one hit of `area`
//! assert_eq!(shape.scaled_area(2.0), 8.0); // a hit
//! assert_eq!(shape.scaled_area_cache().len(), 1);
//!
//! shape.push((0.0, 2.0));
//! assert_eq!(shape.area(), 4.0);
//! ```
//!
//! # Where the attribute goes
//!
//! | on | what it does |
//! |---|---|
//! | a `struct` with named fields | injects one private, hidden field `memo` that holds the caches of that instance |
//! | an `impl` block | rewrites the methods marked inside; completes the type's literals and patterns with that field; makes `&mut self` methods forget what depends on the fields that they change |
//! | a method in such a block | memoizes it |
//! | a free function | memoizes it, as a type-scoped function that belongs to no type |
//! | a field, as `#[memoize(untracked)]` | no memoized result depends on this field |
//! | a field, as `#[memoize(unchecked)]` | memoized methods may read it, and code that the attribute cannot see may change it (a `pub` field, a `dyn` object, a cell): whoever does so calls [`clear_instance`] |
//! | a method that can change an instance, as `#[memoize(changes(field, …))]` | a promise: it changes no other field; `changes()` changes none |
//!
//! A literal or pattern in a block is taken for one of the block's type `Circle` if it says `Self`, `Circle` (unless the method
//! declares or imports another one), the path that the block says, `self::Circle` or `crate::…::Circle`. Any other path
//! (`dto::Circle`, `Shape::Circle`, an alias) is left alone; if it is the type after all, the compiler misses the field: write
//! `Self`. Whatever its path, a literal with `..base` does not take over the caches of the base.
//!
//! See [`memoize`] for all options, and [`MethodCache`] for what the accessor `<method>_cache()` offers.
//!
//! # What can be relied on
//!
//! - **Lifetime.** Caches hold nothing that outlives the instance, and never keep it alive.
//! - **Isolation.** No two instances, methods or concrete types see each other's entries, unless a type-scoped method
//!   asks for it with `reads`.
//! - **Freshness.** After a `&mut self` method of an annotated block has begun, no memoized call returns a result
//!   computed from a state that has changed. What depends only on other fields is kept, and hit inside of the method too.
//! - **Bodies** run with no lock held, and may call themselves. Threads that miss a key together may each run the body;
//!   one result is kept. With `single_flight` one runs it, and the others wait.
//! - **Panics** store nothing and poison nothing.
//!
//! # Results that get old
//!
//! What comes from outside of the program is good for a while. `ttl` says how long, counted from when the body returned; a result is
//! never returned that is older.
//!
//! ```
//! use memo_runtime::memoize;
//! use std::time::Duration;
//!
//! # #[derive(Debug)]
//! # struct RateError;
//! # struct Bank;
//! # impl Bank {
//! #     fn ask(from: &str, to: &str) -> Result<f64, RateError> {
//! #         Ok((from.len() + to.len()) as f64)
//! #     }
//! # }
//! # struct Token { seconds: u64 }
//! /// Asks the bank, at most twice a minute for each pair. An `Err` is not kept.
//! #[memoize(unbounded, ttl = "30s")]
//! fn exchange_rate(from: &str, to: &str) -> Result<f64, RateError> {
//!     Bank::ask(from, to)
//! }
//!
//! /// Each token says itself how long it is good.
//! #[memoize(capacity = 1000, ttl = |token| Duration::from_secs(token.seconds))]
//! fn token(user: u64) -> std::sync::Arc<Token> {
//!     // …
//! #     Token { seconds: user }.into()
//! }
//!
//! # fn main() -> Result<(), RateError> {
//! let rate = exchange_rate("EUR", "USD")?; // asks
//! assert_eq!(exchange_rate("EUR", "USD")?, rate); // a hit, for half a minute
//! exchange_rate_cache().clear(); // asks sooner
//! # token(1);
//! # Ok(())
//! # }
//! ```
//!
//! Results that are too old are dropped as the cache is used, so that an unbounded one holds those of about one lifetime. In
//! tests, the feature `mock-clock` makes the clock stand still until `memo_runtime::clock::advance` moves it.
//!
//! # Threads
//!
//! Threads and tasks share the caches of a type, and those of an instance that they share, unless `unsync` says otherwise.
//!
//! | | without `single_flight` | with `single_flight` |
//! |---|---|---|
//! | several miss a key at once | each may run the body; one result is kept, and every later call returns that one | one runs the body; the others wait, and get the same result |
//! | the body panics, or its future is dropped | the others have their own | one of those who wait runs it |
//! | the result is not kept (`Err`, `cache_if`) | each returns its own | it goes to its own caller; one of those who wait runs the body |
//! | `clear()` or `remove()` while a body runs | its result is returned and not kept | the same, and it is not handed to those who wait: one of them runs a new body, after the old one has ended |
//! | a body asks for its own key | recursion without end | a panic that names the methods on the way, also across threads and tasks |
//!
//! **What never happens.** No lock is held while a body runs, or across an await. Callers with different keys never wait
//! for each other's bodies, whatever their hashes. Two bodies of one key never run at once with `single_flight`. A result
//! that was computed before a `clear()` is not returned by a call that began after it.
//!
//! **What may run twice.** Without `single_flight`, the body of a key, by threads that miss it together. With it, one after the other: if the
//! first result was not kept, or was evicted before somebody else came. In other processes, always.
//!
//! **What blocks whom.** Hits block nobody: those of an unbounded cache and of `policy = "sieve"` take no lock; one with
//! `capacity` takes the cache's lock for a few instructions, and so does each miss. With `single_flight`, a caller blocks its thread,
//! or suspends its task, while the body of its own key runs elsewhere.
//!
//! A body must not wait for what waits for it in ways that are not calls: a thread that it starts and joins, or an executor
//! that it runs, and that asks for the same key. Nor is a future seen to wait that is kept without being polled.
//!
//! # Seeing the caches
//!
//! [`caches`] lists all type-scoped caches that are in use, with their sizes and counts, and can empty them.
//!
//! # What a change forgets
//!
//! A method of an annotated block that takes `&mut self`, or `self` by value, or an argument `&mut Self`, `Self` or `Box<Self>`,
//! forgets the entries of those memoized methods that read a field which it can change. The docs of a method's accessor say
//! which fields its results depend on, and `cargo expand` shows which ones a method forgets.
//!
//! | in the body | is |
//! |---|---|
//! | `self.f = …`, `&mut self.f`, `self.f.method(…)` | a change of `f`, unless it is a method of a type of the standard library that is known to take `&self` (`Vec::len`, `HashMap::get`, `f64::sqrt`, `clone`, but not those of a slice, such as `iter`): of others the attribute cannot know; `(&self.f).iter()`, `let p = &self.f;` and `for x in &self.f` only read |
//! | `self.method(…)`, another method of the same `impl` block of the type | what that method reads; one that takes `&mut self` sees to its own changes |
//! | `self` in any other place (another name, handed on, a method of another block, a macro that is not the standard library's), `unsafe` | a change of every field |
//! | `self` as the result | nothing: whoever has it changes it by methods of their own |
//!
//! Where memoized methods may run between two changes of what they read, what they compute then is not kept; recursion among them
//! is memoized as ever. A closure or `async` block that says `self` sees to that itself, however long it lives. One that has the
//! instance under another name, writes to its fields and may outlive the method (by the result, an argument, or because
//! the method owns the instance) cannot. Then those fields are not cached any more until [`clear_instance`]: slow, not wrong,
//! and to be seen in the expansion as `stop_caching`. Say `self` in the closure, or move the change to a method of the block.
//!
//! A receiver or argument through which an instance could change unseen (an alias of `&mut Self`, `&mut [Self]`, `Rc::make_mut`)
//! is refused, unless `#[memoize(changes())]` promises that it changes no field.
//!
//! # Limits
//!
//! What is stale by one of these is found by the feature `verify`: in your tests, every hit then runs the body again, and a difference
//! panics with what to look for (`docs/verify.md` in the repository).
//!
//! Not seen are: a field written directly by code outside of annotated blocks (in the same module); a change behind an
//! `untracked` or `unchecked` field; a lock or an atomic inside of a struct that is not the standard library's, or a cell
//! inside of a type parameter (cells in other types are seen, and refused); `..base` struct update outside of annotated
//! blocks; and replacing `*self` whole in the middle of a mutating method. Within an annotated block, a field of an instance
//! that is neither `self` nor an argument (`&mut Self`, `Self` or `Box<Self>`) is not watched either: a child in a `Vec<Self>`,
//! or a local variable. Change it through a method of its own, or call [`clear_instance`] after the change.
//!
//! A cached result that holds its own instance, in an `Rc` or `Arc`, keeps it alive for ever. That is refused where the type of
//! the result says so (`Rc<Self>`, a trait object); it is not seen in a struct of yours (`-> View`, with a field
//! `owner: Rc<Self>`). Hold a `Weak` there.
//!
//! With `returns = "ref"`, what is computed while its fields are changing is freed when the next `&mut self` method begins.
//! Macros are known by their names: one of your own that is called `assert`, and takes `self.field` apart, is taken for the
//! standard library's, unless the method itself declares it.
//!
//! A key's `Eq` in a cache with `capacity` runs while the cache is locked. A call from there is computed without the caches that
//! are locked; but it must not wait for another thread that uses the same cache.
//!
//! What a struct with a lifetime borrows has to be declared before it: its caches are dropped with it, and may hold some of that
//! (otherwise E0597, "borrow might be used here, when `parser` is dropped").
//!
//! The struct becomes invariant in its lifetime and type parameters, and its auto traits hold for type parameters that meet the
//! bounds of its memoized block. It has interior mutability, which Clippy's `mutable_key_type` and
//! `declare_interior_mutable_const` see; in `clippy.toml`:
//! `ignore-interior-mutability = ["memo_runtime::__private::InstanceCaches"]`.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod accessor;
#[cfg(test)]
mod auto_traits;
mod cache_set;
mod caches;
mod call;
mod changes;
#[cfg(feature = "mock-clock")]
pub mod clock;
#[cfg(not(feature = "mock-clock"))]
mod clock;
mod engine;
mod fields;
mod flight;
mod home;
mod info;
mod instance;
mod key;
#[cfg(target_os = "linux")]
mod linux;
mod mutation;
mod outcome;
mod place;
mod reclaim;
#[cfg(feature = "verify")]
mod running;
mod said;
mod steady;
mod store;
#[cfg(feature = "stores")]
mod stores;
mod sync;
mod term;
mod type_scope;
#[cfg(feature = "verify")]
mod verify;

pub use accessor::MethodCache;
pub use caches::{CacheHandle, caches};
pub use engine::Engine;
pub use info::CacheInfo;
pub use instance::clear_instance;
pub use memo_macros::memoize;
#[cfg(feature = "redis-tokio")]
pub use stores::AsyncRedis;
#[cfg(feature = "redis")]
pub use stores::Redis;
#[cfg(feature = "stores")]
pub use stores::{
    AsyncByteStore, AsyncStoreCache, BoxError, ByteStore, Codec, ErrorKind, MemoryStore,
    MessagePack, Region, StoreCache, StoreError,
};

/// In edition 2021 the temporaries of a body's last expression are dropped after its locals; not after a guard of ours.
///
/// ```edition2021
/// use memo_runtime::memoize;
///
/// #[memoize]
/// struct Square {
///     side: u64,
/// }
///
/// /// Calls when it is dropped.
/// struct Defer<F: FnMut()>(F);
/// impl<F: FnMut()> Defer<F> {
///     fn value(&self) -> u64 {
///         1
///     }
/// }
/// impl<F: FnMut()> Drop for Defer<F> {
///     fn drop(&mut self) {
///         (self.0)();
///     }
/// }
///
/// #[memoize]
/// impl Square {
///     #[memoize]
///     fn area(&self) -> u64 {
///         self.side * self.side
///     }
///     fn grow(&mut self) -> u64 {
///         Defer(|| {
///             self.side += 1;
///             self.area();
///             self.side += 1;
///         })
///         .value()
///     }
///     fn growing(&mut self) -> impl FnMut() -> u64 + '_ {
///         move || {
///             Defer(|| {
///                 self.side += 1;
///                 self.area();
///                 self.side += 1;
///             })
///             .value()
///         }
///     }
/// }
///
/// let mut square = Square { side: 1, memo: Default::default() };
/// square.grow();
/// assert_eq!(square.area(), 9);
/// square.growing()();
/// assert_eq!(square.area(), 25);
/// ```
#[cfg(doctest)]
struct Temporaries;
