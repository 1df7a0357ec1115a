fn outline(glyph: u32, size: f64) -> Arc<Outline> {
    ::memo_runtime::__private::memoize(outline_cache())
        .call((glyph, size), |(glyph, size)| -> Arc<Outline> { draw(glyph, size) })
}
/// The cache of `outline`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn outline_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<
        (::memo_runtime::__private::ByValue<u32>, ::memo_runtime::__private::Bits<f64>),
        Arc<Outline>,
    >,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::InEngine<
                (
                    ::memo_runtime::__private::ByValue<u32>,
                    ::memo_runtime::__private::Bits<f64>,
                ),
                Arc<Outline>,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of(
        ::memo_runtime::__private::TypeCache::made(
            &CACHE,
            "outline",
            || ::memo_runtime::__private::InEngine::new(
                moka::sync::Cache::builder().max_capacity(1 << 20).build(),
            ),
        ),
    )
}
fn rate(from: &str) -> Result<f64, RateError> {
    ::memo_runtime::__private::memoize(rate_cache())
        .only_ok_of::<Result<f64, RateError>>()
        .single_flight("rate")
        .call((from,), |(from,)| -> Result<f64, RateError> { ask(from) })
}
/// The cache of `rate`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn rate_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<
        (::memo_runtime::__private::Borrowed<str>,),
        f64,
    >,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::Flights<
                ::memo_runtime::__private::TimedInEngine<
                    (::memo_runtime::__private::Borrowed<str>,),
                    f64,
                    ::memo_runtime::__private::Stats,
                >,
            >,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of(
            ::memo_runtime::__private::TypeCache::made(
                &CACHE,
                "rate",
                || ::memo_runtime::__private::Flights::around(
                    ::memo_runtime::__private::TimedInEngine::new(Generation::new(100)),
                ),
            ),
        )
        .ttl(|_| ::core::time::Duration::from_secs(30))
}
impl<T: Shape + 'static> Drawer<T> {
    pub fn glyph(code: u32) -> Outline {
        ::memo_runtime::__private::memoize(Self::glyph_cache())
            .only_if(|result: &Outline| {
                ::memo_runtime::__private::Probe::new(result).is_kept()
            })
            .call((code,), |(code,)| -> Outline { T::draw(code) })
    }
    /// The cache of `glyph`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn glyph_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u32>,),
            Outline,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<::memo_runtime::__private::Registry> = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::Registry::new("glyph"))
                .get_or_make::<
                    Drawer<T>,
                    ::memo_runtime::__private::InEngine<
                        (::memo_runtime::__private::ByValue<u32>,),
                        Outline,
                    >,
                >(|| ::memo_runtime::__private::InEngine::new(
                    quick_cache::sync::Cache::new(T::GLYPHS),
                )),
        )
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
