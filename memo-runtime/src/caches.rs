//! Which type-scoped caches are in use in this process?
//!
//! What makes such a cache, on its first use, also lists it here. A hit never comes here.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::info::CacheInfo;

/// A cache that lives as long as the process.
pub(crate) trait Listed: Sync {
    /// Size, bound and counts; nothing while it is being made.
    fn info(&self) -> Option<CacheInfo>;
    /// Forgets all entries, unless references to them are handed out; says whether it did.
    fn clear(&self) -> bool;
}

static CACHES: Mutex<Vec<CacheHandle>> = Mutex::new(Vec::new());

/// No code of the user runs while this is held.
fn all() -> MutexGuard<'static, Vec<CacheHandle>> {
    CACHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lists a cache, once.
pub(crate) fn list(name: &'static str, cache: &'static dyn Listed) {
    all().push(CacheHandle { name, cache });
}

/// All type-scoped caches that were used so far in this process, by a call or by their accessors, in the order of their first
/// use: those of free functions, of type-scoped methods, and of generic blocks, where each concrete type has one. Caches
/// of instances are not among them, nor are those with `unsync`, which belong to their threads.
///
/// Costs a lock and a small allocation. Hits of the caches pay nothing for it.
///
/// ```
/// use memo_runtime::memoize;
///
/// #[memoize(capacity = 10, stats)]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(2);
/// square(2);
/// let cache = memo_runtime::caches().find(|cache| cache.name() == "square").unwrap();
/// assert_eq!(cache.info().to_string(), "hits=1 misses=1 evictions=0 len=1 capacity=10");
/// assert!(cache.clear());
/// assert!(square_cache().is_empty());
/// ```
pub fn caches() -> impl Iterator<Item = CacheHandle> {
    let caches = all().clone();
    caches.into_iter().filter(|handle| handle.cache.info().is_some())
}

/// One of the [`caches`] of this process.
#[derive(Clone, Copy)]
pub struct CacheHandle {
    name: &'static str,
    cache: &'static dyn Listed,
}

impl CacheHandle {
    /// The function's name (`fib`), or the type's and the method's (`Rates::rate`), without the modules that they are in: two
    /// caches may have one name. In a generic block the type is the concrete one (`Grid<u8>::cells`); what else tells
    /// such caches apart, such as a parameter of the trait alone, is named beside the type (`(Grid, u8)::cells`).
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Size, bound and, with the option `stats`, counts.
    pub fn info(&self) -> CacheInfo {
        self.cache.info().unwrap_or_default()
    }

    /// Forgets all entries, as [`MethodCache::clear`](crate::MethodCache::clear) does; says so. With `returns = "ref"`
    /// references to the entries are out there for as long as the process lives: nothing is forgotten, and this is `false`.
    ///
    /// # Panics
    ///
    /// If the `Drop` of a key or value does.
    pub fn clear(&self) -> bool {
        self.cache.clear()
    }
}

impl fmt::Debug for CacheHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheHandle")
            .field("name", &self.name)
            .field("info", &self.info())
            .finish_non_exhaustive()
    }
}

/// `Grid<u8>::cells` of `crate::grid::Grid<u8>` and `cells`.
pub(crate) fn name_of(type_name: &str, method: &str) -> String {
    let mut name = String::new();
    // What was written since the last path began.
    let mut segment = 0;
    let mut rest = type_name.chars().peekable();
    while let Some(next) = rest.next() {
        if next == ':' && rest.peek() == Some(&':') {
            rest.next();
            name.truncate(segment);
            continue;
        }
        name.push(next);
        if !(next.is_alphanumeric() || next == '_') {
            segment = name.len();
        }
    }
    // What tells caches apart beside the type is named by markers.
    while let Some(start) = name.find("PhantomData<") {
        let inner = start + "PhantomData<".len();
        let mut depth = 1;
        let end = name[inner..].find(|next| {
            depth += i32::from(next == '<') - i32::from(next == '>');
            depth == 0
        });
        let Some(end) = end else { break };
        name = [&name[..start], &name[inner..inner + end], &name[inner + end + 1..]].concat();
    }
    name.push_str("::");
    name.push_str(method);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_concrete_type_without_modules() {
        for (type_name, name) in [
            ("a::b::Grid<u8>", "Grid<u8>::m"),
            ("a::Pair<a::b::C, alloc::vec::Vec<&str>>", "Pair<C, Vec<&str>>::m"),
            ("[a::B; 3]", "[B; 3]::m"),
            ("dyn a::Tr<core::x::Y>", "dyn Tr<Y>::m"),
            (
                "(core::marker::PhantomData<a::Grid<a::B>>, core::marker::PhantomData<u8>)",
                "(Grid<B>, u8)::m",
            ),
        ] {
            assert_eq!(name_of(type_name, "m"), name);
        }
    }
}
