//! What a cache tells about itself: [`CacheInfo`], and the counters behind it.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// A snapshot of one cache: its size, its bound and, with the option `stats`, its counts.
///
/// ```
/// use memo_runtime::memoize;
///
/// #[memoize(capacity = 2, stats)]
/// fn double(n: u64) -> u64 {
///     n * 2
/// }
///
/// double(1);
/// double(1);
/// assert_eq!(double_cache().info().to_string(), "hits=1 misses=1 evictions=0 len=1 capacity=2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct CacheInfo {
    /// How many calls found their result; `None` without `stats`.
    pub hits: Option<u64>,
    /// How many calls ran the body; `None` without `stats`.
    pub misses: Option<u64>,
    /// How many entries were dropped to keep to the capacity; `None` without `stats`.
    pub evictions: Option<u64>,
    /// How often where the entries live has failed; `None` where that cannot happen.
    pub errors: Option<u64>,
    /// How many entries the cache holds; `None` if that is not known.
    pub len: Option<usize>,
    /// How many entries the cache may hold; `None` if it is unbounded.
    pub capacity: Option<usize>,
}

impl fmt::Display for CacheInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in
            [("hits", self.hits), ("misses", self.misses), ("evictions", self.evictions)]
        {
            match count {
                Some(count) => write!(f, "{name}={count} ")?,
                None => write!(f, "{name}=- ")?,
            }
        }
        match self.len {
            Some(len) => write!(f, "len={len} capacity=")?,
            None => f.write_str("len=- capacity=")?,
        }
        match self.capacity {
            Some(capacity) => write!(f, "{capacity}")?,
            None => f.write_str("unbounded")?,
        }
        match self.errors {
            Some(errors) => write!(f, " errors={errors}"),
            None => Ok(()),
        }
    }
}

/// Whether and how a store counts. Implemented by [`NoStats`] and [`Stats`].
pub trait Metrics: Default + Send + Sync + 'static {
    /// Counters that are all zero.
    const ZERO: Self;
    /// Whether anything is counted.
    const ENABLED: bool;
    /// Counts a call that found its result.
    fn hit(&self);
    /// Counts a call that runs the body.
    fn miss(&self);
    /// Counts entries dropped to keep to the capacity.
    fn evict(&self, entries: u64);
    /// Sets all counters to zero.
    fn reset(&self);
    /// Adds the counts of `other`.
    fn absorb(&self, other: &Self);
    /// Completes a snapshot.
    fn fill(&self, info: &mut CacheInfo);
}

/// Counts nothing and takes no space.
#[derive(Debug, Default)]
pub struct NoStats;

impl Metrics for NoStats {
    const ZERO: Self = NoStats;
    const ENABLED: bool = false;
    #[inline]
    fn hit(&self) {}
    #[inline]
    fn miss(&self) {}
    #[inline]
    fn evict(&self, _entries: u64) {}
    fn reset(&self) {}
    fn absorb(&self, _other: &Self) {}
    fn fill(&self, _info: &mut CacheInfo) {}
}

/// Counts exactly, also when threads share the cache.
#[derive(Debug, Default)]
pub struct Stats {
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: AtomicU64,
}

impl Metrics for Stats {
    const ZERO: Self =
        Stats { hits: AtomicU64::new(0), misses: AtomicU64::new(0), evictions: AtomicU64::new(0) };
    const ENABLED: bool = true;
    #[inline]
    fn hit(&self) {
        self.hits.fetch_add(1, Relaxed);
    }
    #[inline]
    fn miss(&self) {
        self.misses.fetch_add(1, Relaxed);
    }
    #[inline]
    fn evict(&self, entries: u64) {
        self.evictions.fetch_add(entries, Relaxed);
    }
    fn reset(&self) {
        self.hits.store(0, Relaxed);
        self.misses.store(0, Relaxed);
        self.evictions.store(0, Relaxed);
    }
    fn absorb(&self, other: &Self) {
        self.hits.fetch_add(other.hits.load(Relaxed), Relaxed);
        self.misses.fetch_add(other.misses.load(Relaxed), Relaxed);
        self.evictions.fetch_add(other.evictions.load(Relaxed), Relaxed);
    }
    fn fill(&self, info: &mut CacheInfo) {
        info.hits = Some(self.hits.load(Relaxed));
        info.misses = Some(self.misses.load(Relaxed));
        info.evictions = Some(self.evictions.load(Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_shows_counts_or_dashes() {
        let info = CacheInfo {
            hits: Some(1),
            misses: Some(2),
            evictions: Some(0),
            errors: None,
            len: Some(2),
            capacity: Some(128),
        };
        assert_eq!(info.to_string(), "hits=1 misses=2 evictions=0 len=2 capacity=128");
        assert_eq!(
            CacheInfo::default().to_string(),
            "hits=- misses=- evictions=- len=- capacity=unbounded"
        );
        let info = CacheInfo { errors: Some(3), len: Some(0), ..CacheInfo::default() };
        assert_eq!(
            info.to_string(),
            "hits=- misses=- evictions=- len=0 capacity=unbounded errors=3"
        );
    }
}
