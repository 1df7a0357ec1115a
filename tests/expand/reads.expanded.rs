impl Shop {
    pub fn tax(&self, net: f64) -> f64 {
        struct __ShopReads {
            rate: f64,
        }
        #[allow(clippy::missing_const_for_fn)]
        impl __ShopReads {
            fn tax(&self, net: f64) -> f64 {
                Shop::rounded(net * self.rate)
            }
        }
        ::memo_runtime::__private::memoize(Self::tax_cache())
            .call(
                (::memo_runtime::__private::State::<f64>(&self.rate), net),
                |(state_rate, net)| -> f64 { __ShopReads { rate: state_rate }.tax(net) },
            )
    }
    /// The cache of `tax`: its size and counts, and ways to look up, insert and forget entries.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    pub fn tax_cache() -> ::memo_runtime::__private::MethodCache<
        'static,
        impl ::memo_runtime::__private::CacheOf<
            (::memo_runtime::__private::Bits<f64>, ::memo_runtime::__private::Bits<f64>),
            f64,
        >,
    > {
        static CACHE: ::std::sync::OnceLock<
            ::memo_runtime::__private::TypeCache<
                ::memo_runtime::__private::Map<
                    (
                        ::memo_runtime::__private::Bits<f64>,
                        ::memo_runtime::__private::Bits<f64>,
                    ),
                    f64,
                >,
            >,
        > = ::std::sync::OnceLock::new();
        ::memo_runtime::__private::MethodCache::of(
            CACHE
                .get_or_init(|| ::memo_runtime::__private::TypeCache::new(
                    "Shop::tax",
                    &CACHE,
                    ::memo_runtime::__private::Map::new(),
                ))
                .get(),
        )
    }
}
#[allow(unused_imports)]
use ::memo_runtime::__private::AnyFields as _;
