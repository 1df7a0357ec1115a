impl Circle {
    pub fn answer(seconds: u64) -> u32 {
        ::memo_runtime::__private::memoize(Self::answer_cache())
            .call((seconds,), |(seconds,)| -> u32 { 42 })
    }
    /// The cache of `answer`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn answer_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u64>,),
            u32,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<
            ::memo_runtime::__private::TypeCache<
                ::memo_runtime::__private::Map<
                    (::memo_runtime::__private::ByValue<u64>,),
                    u32,
                >,
            >,
        > = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                    "Circle::answer",
                    &CACHE,
                    ::memo_runtime::__private::Map::new(),
                ))
                .get(),
        )
    }
    fn local(seconds: u64) -> u32 {
        {
            ::std::thread_local! {
                static CACHE : ::memo_runtime::__private::Map <
                (::memo_runtime::__private::ByValue < u64 >,), u32,
                ::memo_runtime::__private::NoStats, ::memo_runtime::__private::Local > =
                const { ::memo_runtime::__private::Map::new() };
            }
            ::memo_runtime::__private::memoize(
                ::memo_runtime::__private::MethodCache::at(
                    ::memo_runtime::__private::PerThread(&CACHE),
                ),
            )
        }
            .call((seconds,), |(seconds,)| -> u32 { 42 })
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
