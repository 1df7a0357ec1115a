impl<T: Send + 'static> Grid<T> {
    pub fn size(cells: usize) -> usize {
        ::memo_runtime::__private::memoize(Self::size_cache())
            .call((cells,), |(cells,)| -> usize { cells * size_of::<T>() })
    }
    /// The cache of `size`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn size_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<usize>,),
            usize,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<::memo_runtime::__private::Registry> = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::Registry::new("size"))
                .get::<
                    Grid<T>,
                    ::memo_runtime::__private::Lru<
                        (::memo_runtime::__private::ByValue<usize>,),
                        usize,
                        ::memo_runtime::__private::NoStats,
                        ::memo_runtime::__private::Threads,
                        64,
                    >,
                >(),
        )
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
