//! Functions memoized by other attributes. Their caches live as long as the process, so every row has its own.
#![allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "that is how they are memoized"
)]

use cached::macros::{cached, concurrent_cached, once};
use memoize::memoize;

use super::body;

#[once]
#[inline]
pub fn cached_once() -> u64 {
    body::none()
}

#[memoize]
#[inline]
pub fn memoize_none() -> u64 {
    body::none()
}

/// A module with a function of one number for each way of each crate.
macro_rules! one_number {
    ($name:ident, $capacity:literal, $body:path) => {
        #[allow(unused, reason = "not every row needs all of them")]
        pub mod $name {
            use super::*;

            pub struct Method;
            impl Method {
                #[cached(in_impl = true)]
                #[inline]
                pub fn get(&self, a: u64) -> u64 {
                    $body(a)
                }
            }
            #[cached]
            #[inline]
            pub fn cached_plain(a: u64) -> u64 {
                $body(a)
            }
            #[cached(max_size = $capacity)]
            #[inline]
            pub fn cached_bounded(a: u64) -> u64 {
                $body(a)
            }
            #[concurrent_cached]
            #[inline]
            pub fn cached_concurrent(a: u64) -> u64 {
                $body(a)
            }
            #[concurrent_cached(max_size = $capacity)]
            #[inline]
            pub fn cached_concurrent_bounded(a: u64) -> u64 {
                $body(a)
            }
            #[memoize]
            #[inline]
            pub fn memoize_local(a: u64) -> u64 {
                $body(a)
            }
            #[memoize(SharedCache)]
            #[inline]
            pub fn memoize_shared(a: u64) -> u64 {
                $body(a)
            }
            #[memoize(Capacity: $capacity)]
            #[inline]
            pub fn memoize_bounded(a: u64) -> u64 {
                $body(a)
            }
            #[memoize(SharedCache, Capacity: $capacity)]
            #[inline]
            pub fn memoize_shared_bounded(a: u64) -> u64 {
                $body(a)
            }

            pub fn forget_cached() {
                use cached::prelude::*;
                CACHED_PLAIN.write().cache_reset();
            }
            pub fn forget_memoize() {
                memoized_flush_memoize_local();
            }
        }
    };
}
one_number!(small, 1024, body::one);
one_number!(medium, 1024, body::one);
one_number!(large, 1024, body::one);
one_number!(threads, 1024, body::one);
one_number!(misses, 1024, body::one);
one_number!(mixed, 1000, body::counted);

/// For other shapes, the fastest way of each crate.
pub struct Method;

impl Method {
    #[cached(in_impl = true)]
    #[inline]
    pub fn three(&self, a: u64, b: u64, c: u64) -> u64 {
        body::three(a, b, c)
    }
    #[cached(in_impl = true, key = "(String, u32)", convert = { (text.to_owned(), number) })]
    #[inline]
    pub fn text_and_number(&self, text: &str, number: u32) -> u64 {
        body::text_and_number(text, number)
    }
    #[cached(in_impl = true, key = "Vec<u64>", convert = { terms.iter().map(|term| term.to_bits()).collect() })]
    #[inline]
    pub fn slice(&self, terms: &[f64]) -> u64 {
        body::slice(terms)
    }
    #[cached(in_impl = true)]
    #[inline]
    pub fn owned(&self, text: String) -> u64 {
        body::text(&text)
    }
}

#[cached(key = "(String, u32)", convert = { (text.to_owned(), number) })]
#[inline]
pub fn cached_text_and_number(text: &str, number: u32) -> u64 {
    body::text_and_number(text, number)
}

#[memoize]
#[inline]
pub fn memoize_three(a: u64, b: u64, c: u64) -> u64 {
    body::three(a, b, c)
}

#[memoize]
#[inline]
pub fn memoize_text_and_number(text: String, number: u32) -> u64 {
    body::text_and_number(&text, number)
}

#[memoize]
#[inline]
pub fn memoize_owned(text: String) -> u64 {
    body::text(&text)
}

#[cached]
#[inline]
pub fn cached_fibonacci(n: u64) -> u64 {
    if n < 2 { n } else { cached_fibonacci(n - 1) + cached_fibonacci(n - 2) }
}

#[memoize]
#[inline]
pub fn memoize_fibonacci(n: u64) -> u64 {
    if n < 2 { n } else { memoize_fibonacci(n - 1) + memoize_fibonacci(n - 2) }
}

pub fn forget_fibonacci() {
    use cached::prelude::*;
    CACHED_FIBONACCI.write().cache_reset();
    memoized_flush_memoize_fibonacci();
}

/// The edit distance of two texts, which are not part of the key.
#[cached(key = "(u32, u32)", convert = { (i, j) })]
#[inline]
pub fn cached_distance(left: &[u8], right: &[u8], i: u32, j: u32) -> u32 {
    if i == 0 || j == 0 {
        return i + j;
    }
    let same = left[i as usize - 1] == right[j as usize - 1];
    let replaced = cached_distance(left, right, i - 1, j - 1) + u32::from(!same);
    let shorter = cached_distance(left, right, i - 1, j) + 1;
    replaced.min(shorter).min(cached_distance(left, right, i, j - 1) + 1)
}

pub fn forget_distances() {
    use cached::prelude::*;
    CACHED_DISTANCE.write().cache_reset();
}
