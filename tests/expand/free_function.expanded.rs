fn fib(n: u64) -> u64 {
    ::memo_runtime::__private::memoize(fib_cache())
        .call((n,), |(n,)| -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } })
}
/// The cache of `fib`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn fib_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<
        (::memo_runtime::__private::ByValue<u64>,),
        u64,
    >,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::Map<
                (::memo_runtime::__private::ByValue<u64>,),
                u64,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of(
        CACHE
            .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                "fib",
                &CACHE,
                ::memo_runtime::__private::Map::new(),
            ))
            .get(),
    )
}
