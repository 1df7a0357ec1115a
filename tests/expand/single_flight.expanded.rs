impl Rates {
    fn rate(&self, currency: &str) -> f64 {
        ::memo_runtime::__private::instance(self, |caches| &caches.rate)
            .single_flight("Rates::rate")
            .call((currency,), |(currency,)| -> f64 { self.ask(currency) })
    }
    /// The cache of `rate`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn rate_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Borrowed<str>,),
            f64,
        >,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.rate).cache()
    }
    async fn shared(day: u32) -> Result<Vec<f64>, Error> {
        let call = ::memo_runtime::__private::memoize(Self::shared_cache())
            .only_ok_of::<Result<Vec<f64>, Error>>()
            .single_flight("Rates::shared");
        call.call_async::<
                _,
                _,
                _,
                _,
                _,
            >(
                (day,),
                move |(day,)| async move {
                    #[allow(clippy::diverging_sub_expression)]
                    let result: Result<Vec<f64>, Error> = { ask(day).await };
                    #[allow(unreachable_code)] result
                },
            )
            .await
    }
    /// The cache of `shared`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn shared_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::ByValue<u32>,),
            Vec<f64>,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<
            ::memo_runtime::__private::TypeCache<
                ::memo_runtime::__private::Flights<
                    ::memo_runtime::__private::Map<
                        (::memo_runtime::__private::ByValue<u32>,),
                        Vec<f64>,
                    >,
                >,
            >,
        > = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                    "Rates::shared",
                    &CACHE,
                    ::memo_runtime::__private::Flights::new(),
                ))
                .get(),
        )
    }
    fn table(&self) -> &Vec<f64> {
        ::memo_runtime::__private::instance(self, |caches| &caches.table)
            .single_flight("Rates::table")
            .call_ref((), |()| -> Vec<f64> { self.all() })
    }
    /// The cache of `table`: its size and counts, and ways to look up, insert and forget entries. Its results depend on any field: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn table_cache(
        &self,
    ) -> ::memo_runtime::__private::MethodCache<
        '_,
        impl ::memo_runtime::__private::LastingCacheOf<'_, (), Vec<f64>>,
        ::memo_runtime::__private::HandsOutReferences,
    > {
        ::memo_runtime::__private::instance(self, |caches| &caches.table).lasting_cache()
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __RatesCaches {
        rate: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Flights<
                ::memo_runtime::__private::Lru<
                    (::memo_runtime::__private::Borrowed<str>,),
                    f64,
                    ::memo_runtime::__private::NoStats,
                    ::memo_runtime::__private::Threads,
                    8,
                >,
            >,
            0,
        >,
        table: ::memo_runtime::__private::Reading<
            ::memo_runtime::__private::Flights<
                ::memo_runtime::__private::KeptOnce<Vec<f64>>,
            >,
            1,
        >,
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::CacheSet for __RatesCaches {
        const READS: &'static [::memo_runtime::__private::Fields] = &[
            ::memo_runtime::__private::Fields::ALL,
            ::memo_runtime::__private::Fields::ALL,
        ];
        fn new() -> Self {
            Self {
                rate: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Flights::new(),
                ),
                table: ::memo_runtime::__private::Reading::new(
                    ::memo_runtime::__private::Flights::new(),
                ),
            }
        }
        fn take(&mut self, changed: ::memo_runtime::__private::Fields, gone: &mut Self) {
            self.rate.take::<Self>(changed, &mut gone.rate);
            self.table.take::<Self>(changed, &mut gone.table);
        }
        fn absorb(&self, other: &Self) {
            self.rate.absorb(&other.rate);
            self.table.absorb(&other.table);
        }
    }
    #[automatically_derived]
    impl ::memo_runtime::__private::MemoizedBlock<::memo_runtime::__private::Unnamed>
    for Rates {
        type Caches = __RatesCaches;
    }
};
fn price() -> u64 {
    ::memo_runtime::__private::memoize(price_cache())
        .only_if::<u64, _>(|price| *price > 0)
        .single_flight("price")
        .call((), |()| -> u64 { ask() })
}
/// The cache of `price`: its size and counts, and ways to look up, insert and forget entries.
#[allow(dead_code)]
#[must_use]
#[inline]
fn price_cache() -> ::memo_runtime::__private::MethodCache<
    'static,
    impl ::memo_runtime::__private::CacheOf<(), u64>,
> {
    static CACHE: ::std::sync::OnceLock<
        ::memo_runtime::__private::TypeCache<
            ::memo_runtime::__private::Flights<::memo_runtime::__private::Once<u64>>,
        >,
    > = ::std::sync::OnceLock::new();
    ::memo_runtime::__private::MethodCache::of(
        CACHE
            .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                "price",
                &CACHE,
                ::memo_runtime::__private::Flights::new(),
            ))
            .get(),
    )
}
