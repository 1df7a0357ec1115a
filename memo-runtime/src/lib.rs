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
//!         self.points.push(point); // a `&mut self` method empties the caches of this instance
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
//! | an `impl` block | rewrites the methods marked inside; completes the type's literals and patterns with that field; makes `&mut self` methods empty the instance's caches |
//! | a method in such a block | memoizes it |
//! | a free function | memoizes it, as a type-scoped function that belongs to no type |
//! | a field, as `#[memoize(untracked)]` | no memoized result depends on this field |
//! | a `&mut self` method, as `#[memoize(keep)]` | it changes nothing that a memoized method reads: leave the caches |
//!
//! See [`memoize`] for all options, and [`MethodCache`] for what the accessor `<method>_cache()` offers.
//!
//! # What can be relied on
//!
//! - **Lifetime.** Caches hold nothing that outlives the instance, and never keep it alive.
//! - **Isolation.** No two instances, methods or concrete types see each other's entries, unless a type-scoped method
//!   asks for it with `reads`.
//! - **Freshness.** After a `&mut self` method of an annotated block has begun, no memoized call returns a result
//!   computed from the state before.
//! - **Bodies** run with no lock held, and may call themselves. Threads that miss a key together may each run the body;
//!   one result is kept.
//! - **Panics** store nothing and poison nothing.
//!
//! # Limits
//!
//! Not seen are: a field written directly by code outside of annotated blocks (in the same module); a change through
//! interior mutability behind an `untracked` field, or in a type that is not recognised; `..base` struct update outside
//! of annotated blocks; and replacing `*self` whole in the middle of a mutating method. Within an annotated block, a field of
//! an instance that is neither `self` nor an argument (`&mut Self`, `Self` or `Box<Self>`) is not watched either: a child in a
//! `Vec<Self>`, or a local variable. Change it through a method of its own, or call [`clear_instance`] after the change.
//!
//! A `&mut self` method that hands the whole instance to something that its result (`impl …`, `dyn …`) may hold leaves the
//! instance without caching from then on: slow, not wrong. With `returns = "ref"`, what such a method computes is freed when the
//! next `&mut self` method begins.
//!
//! A key's `Eq` in a cache with `capacity` runs while the cache is locked. A call from there is computed without the caches that
//! are locked; but it must not wait for another thread that uses the same cache.
//!
//! The struct becomes invariant in its lifetime and type parameters, and its auto traits hold for type parameters that meet the
//! bounds of its memoized block. It has interior mutability, which Clippy's `mutable_key_type` and
//! `declare_interior_mutable_const` see; in `clippy.toml`:
//! `ignore-interior-mutability = ["memo_runtime::__private::InstanceCaches"]`.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod accessor;
mod call;
mod home;
mod info;
mod instance;
mod key;
mod mutation;
mod outcome;
mod reclaim;
mod store;
mod sync;
mod type_scope;

pub use accessor::MethodCache;
pub use info::CacheInfo;
pub use instance::clear_instance;
pub use memo_macros::memoize;

/// Compiles the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
