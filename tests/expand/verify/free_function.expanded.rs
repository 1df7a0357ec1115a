fn fib(n: u64) -> u64 {
    ::memo_runtime::__private::memoize(fib_cache())
        .verified(::memo_runtime::__private::Checks {
            site: &::memo_runtime::__private::Site {
                name: "fib",
                file: ::core::file!(),
                line: ::core::line!(),
                parts: &["n"],
                is_plain: true,
                skipped: &[],
                is_keyed: false,
                is_result: false,
                is_generic: false,
                reads: &[],
                promises: &[],
            },
            differ: ::memo_runtime::__private::Compared::<u64, u64>::NEW.differ(),
            cached: ::memo_runtime::__private::Shown::<u64>::NEW.text(),
            now: ::memo_runtime::__private::Shown::<u64>::NEW.text(),
            key: |
                key: &::memo_runtime::__private::Stored<
                    (::memo_runtime::__private::ByValue<u64>,),
                >|
            {
                ::std::vec![
                    ::memo_runtime::__private::Shown:: <
                    ::memo_runtime::__private::Stored <
                    ::memo_runtime::__private::ByValue < u64 > >> ::NEW.text() (& key.0)
                ]
            },
        })
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
    ::memo_runtime::__private::MethodCache::of_type(
        CACHE
            .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                "fib",
                &CACHE,
                ::memo_runtime::__private::Map::new(),
            ))
            .get(),
    )
}
